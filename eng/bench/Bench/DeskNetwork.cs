using Promethoide.Local;
using Promethoide.Local.Components;
using Promethoide.Local.State;
using Promethoide.Local.Supervision;

namespace Promethoide.Bench;

/// <summary>What is between an officer and the database, as Local runs it, and nothing that watches it.</summary>
internal sealed class DeskNetwork : IAsyncDisposable
{
    private readonly StateFolder _state;
    private readonly Supervisor _supervisor;

    private DeskNetwork(StateFolder state, Supervisor supervisor, Uri address) => (_state, _supervisor, Address) = (state, supervisor, address);

    /// <summary>Apache's.</summary>
    public Uri Address { get; }

    /// <exception cref="UserException">Something could not be started.</exception>
    public static async Task<DeskNetwork> StartAsync()
    {
        var checkout = Checkout.Find();
        var state = StateFolder.OpenEphemeral(checkout);
        var settings = new Settings(checkout);
        var context = new NetworkContext(checkout, state, settings, Ports.Choose("auto", null)) { TracedShare = 0.1 };
        var programs = new Programs();
        var database = new Database(checkout, state, settings, context.Ports, programs);
        var supervisor = new Supervisor(
            [
                database.Component(),
                DotnetServices.Migrations(context, database),
                DotnetServices.RestApi(context, database),
                DotnetServices.WebPage(context),
                Apache.Component(context, programs),
            ],
            state,
            restart: false);

        var network = new DeskNetwork(state, supervisor, new Uri(context.Local("apache")));
        await supervisor.StartHealthyAsync(state, network);
        return network;
    }

    public async ValueTask DisposeAsync()
    {
        await _supervisor.StopAllAsync(CancellationToken.None);
        _state.Dispose();
    }
}
