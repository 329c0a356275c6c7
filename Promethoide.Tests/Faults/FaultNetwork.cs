using Promethoide.Network;
using Promethoide.Tests.Faults;
using Promethoide.Tests.Network;

[assembly: AssemblyFixture(typeof(FaultNetwork))]

namespace Promethoide.Tests.Faults;

/// <summary>The desk and what is behind it, without what watches it.</summary>
public sealed class FaultNetwork : IAsyncDisposable
{
    private readonly Lazy<Task<NetworkUnderTest>> _network = new(() => NetworkUnderTest.StartAsync(builder => builder.StartOnly("postgres", "migrations", "rest-api", "web", "apache")));

    internal Task<NetworkUnderTest> Network => _network.Value;

    public async ValueTask DisposeAsync()
    {
        if (_network.IsValueCreated)
        {
            await (await _network.Value).DisposeAsync();
        }
    }
}
