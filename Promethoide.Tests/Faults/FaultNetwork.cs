using Aspire.Hosting;
using Promethoide.AppHost;
using Promethoide.Network;
using Promethoide.Tests.Faults;
using Promethoide.Tests.Fixtures;
using Promethoide.Tests.Network;

[assembly: AssemblyFixture(typeof(FaultNetwork))]

namespace Promethoide.Tests.Faults;

/// <summary>The desk and the services behind it, without monitoring. PostgreSQL has its own disk.</summary>
public sealed class FaultNetwork : IAsyncDisposable
{
    private readonly Lazy<Task<NetworkUnderTest>> _network;

    public FaultNetwork() => _network = new(StartAsync);

    internal Task<NetworkUnderTest> Network => _network.Value;

    /// <summary>PostgreSQL's disk; null if none can be mounted.</summary>
    internal SmallDisk? Disk { get; private set; }

    public async ValueTask DisposeAsync()
    {
        if (_network.IsValueCreated)
        {
            await (await _network.Value).DisposeAsync();
        }

        if (Disk is not null)
        {
            await Disk.DisposeAsync();
        }
    }

    private Task<NetworkUnderTest> StartAsync()
    {
        Disk = SmallDisk.IsPossible ? new(megabytes: 512) : null;
        return NetworkUnderTest.StartAsync(builder =>
        {
            builder.StartOnly("postgres", "migrations", "rest-api", "web", "apache");
            if (Disk is not null)
            {
                File.CreateSymbolicLink(Path.Combine(Directory.CreateDirectory(builder.State().Root).FullName, "postgres"), Disk.Folder);
                // The default is a gigabyte.
                builder.Process("postgres").WithArgs("-c", "max_wal_size=128MB");
            }
        });
    }
}
