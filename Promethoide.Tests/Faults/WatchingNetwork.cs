using Aspire.Hosting;
using Promethoide.AppHost;
using Promethoide.Network;
using Promethoide.Tests.Fixtures;
using Promethoide.Tests.Network;
using Promethoide.Tests.Network.Drills;

namespace Promethoide.Tests.Faults;

/// <summary>Prometheus at the pace of <see cref="FastMonitoring"/>, on its own disk, and two exporters.</summary>
public sealed class WatchingNetwork : IAsyncLifetime
{
    // How long Prometheus treats the last sample as current; the default is five minutes.
    private const string LookBack = "10s";

    private readonly string _configuration = Directory.CreateTempSubdirectory("promethoide-watching-").FullName;
    private NetworkUnderTest? _network;

    internal NetworkUnderTest Network => _network!;

    /// <summary>Prometheus' disk; null if none can be mounted.</summary>
    internal SmallDisk? Disk { get; } = SmallDisk.IsPossible ? new(megabytes: 64) : null;

    /// <summary>The file of a job's targets.</summary>
    internal string Targets(string job) => Path.Combine(Network.Data, "prometheus", "targets", $"{job}.json");

    public async ValueTask InitializeAsync()
    {
        // When started by root, Prometheus runs as another user.
        File.SetUnixFileMode(_configuration, (UnixFileMode)0b111_101_101);
        FastMonitoring.Write(_configuration);
        _network = await NetworkUnderTest.StartAsync(builder =>
        {
            builder.StartOnly("prometheus", "node-exporter", "pushgateway");
            var folder = builder.State().Combine("prometheus");
            File.CreateSymbolicLink(Path.Combine(_configuration, "targets"), Path.Combine(folder, "targets"));
            if (Disk is not null)
            {
                Directory.CreateDirectory(folder);
                File.CreateSymbolicLink(Path.Combine(folder, "data"), Disk.Folder);
            }

            builder.Process("prometheus").WithConfiguration(Path.Combine(_configuration, "prometheus.yml"))
                .WithArgs($"--query.lookback-delta={LookBack}");
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_network is not null)
        {
            await _network.DisposeAsync();
        }

        if (Disk is not null)
        {
            await Disk.DisposeAsync();
        }

        Directory.Delete(_configuration, recursive: true);
    }
}
