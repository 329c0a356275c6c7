using Promethoide.Tests.Network;

[assembly: AssemblyFixture(typeof(RunningNetworkFixture))]

namespace Promethoide.Tests.Network;

/// <summary>The whole network, started once for all tests that need it, on free ports and with its own data.</summary>
public sealed class RunningNetworkFixture : IAsyncDisposable
{
    private readonly Lazy<Task<NetworkUnderTest>> _network = new(() => NetworkUnderTest.StartAsync());

    internal Task<NetworkUnderTest> Network => _network.Value;

    public async ValueTask DisposeAsync()
    {
        if (_network.IsValueCreated)
        {
            await (await _network.Value).DisposeAsync();
        }
    }
}
