using Promethoide.Local.Components;
using Promethoide.Local.State;
using Promethoide.Local.Supervision;

namespace Promethoide.Local;

/// <summary>The whole network, ready to start: whatever can be found wrong beforehand has been.</summary>
internal sealed class NetworkPlan
{
    private NetworkPlan(IReadOnlyList<Component> components, NetworkContext context, Database database, bool hasGrafana) =>
        (Components, Context, Database, HasGrafana) = (components, context, database, hasGrafana);

    /// <summary>Data, services, front, monitoring: each after what it waits for.</summary>
    public IReadOnlyList<Component> Components { get; }

    public NetworkContext Context { get; }

    public Database Database { get; }

    public bool HasGrafana { get; }

    /// <exception cref="UserException">A program is missing, a port in use, a folder of another version; nothing has been started.</exception>
    public static NetworkPlan Make(Checkout checkout, StateFolder state, Settings settings, Ports ports)
    {
        var dashboard = Programs.FindOptional("aspire");
        var grafana = Programs.FindOptional("grafana");
        var context = new NetworkContext(checkout, state, settings, ports) { TracedShare = 0.1 };
        if (dashboard is not null)
        {
            context = context with { OtlpEndpoint = context.Local(AspireDashboard.OtlpPort), TracedShare = 1 };
        }

        var programs = new Programs();
        var database = new Database(checkout, state, settings, ports, programs);

        List<Component> watched =
        [
            .. dashboard is null ? (Component[])[] : [AspireDashboard.Component(context, dashboard)],

            database.Component(),
            DotnetServices.Migrations(context, database),

            DotnetServices.RestApi(context, database),
            DotnetServices.WebPage(context),
            Apache.Component(context, programs),
            DotnetServices.Smoke(context),

            Exporters.Node(context, programs),
            Exporters.Apache(context, programs),
            Exporters.Postgres(context, programs, database),
            Exporters.Blackbox(context, programs),
            Exporters.Pushgateway(context, programs),
        ];

        List<Component> components =
        [
            .. watched,
            // Last, so that its first look finds every target up.
            PrometheusServer.Component(context, programs, Targets.Of(context, grafana is not null), [.. watched.Select(component => component.Name).Where(name => name != AspireDashboard.Name)]),
            .. grafana is null ? (Component[])[] : [Grafana.Component(context, grafana)],
        ];

        programs.EnsureAllFound();
        ports.EnsureFree(PortsOf(components, database));
        return new(components, context, database, grafana is not null);
    }

    private static IEnumerable<string> PortsOf(IReadOnlyList<Component> components, Database database) => Ports.Names.Where(port =>
        components.Any(component => port == component.Name || port.StartsWith(component.Name + "-", StringComparison.Ordinal) && !components.Any(other => other.Name == port))
        && (port != "postgres" || database.IsOurs));
}
