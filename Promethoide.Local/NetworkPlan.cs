using Promethoide.Local.Components;
using Promethoide.Local.Preview;
using Promethoide.Local.State;
using Promethoide.Local.Supervision;

namespace Promethoide.Local;

/// <summary>The whole network, ready to start: whatever can be found wrong beforehand has been.</summary>
internal sealed class NetworkPlan
{
    private NetworkPlan(IReadOnlyList<Component> components, NetworkContext context, Database database) =>
        (Components, Context, Database) = (components, context, database);

    /// <summary>Data, services, front, monitoring: each after what it waits for.</summary>
    public IReadOnlyList<Component> Components { get; }

    public NetworkContext Context { get; }

    public Database Database { get; }

    public bool Has(string component) => Components.Any(other => other.Name == component);

    /// <param name="checkout">The checkout.</param>
    /// <param name="state">Where data and logs go.</param>
    /// <param name="settings">What the user has set.</param>
    /// <param name="ports">The ports.</param>
    /// <param name="preview">The folder of the dashboards' preview, which is served where Grafana is not installed; null for none.</param>
    /// <exception cref="UserException">A program is missing, a port in use, a folder of another version; nothing has been started.</exception>
    public static NetworkPlan Make(Checkout checkout, StateFolder state, Settings settings, Ports ports, string? preview = null)
    {
        var dashboard = Programs.FindOptional("aspire");
        var grafana = Programs.FindOptional("grafana");
        var context = new NetworkContext(checkout, state, settings, ports) { TracedShare = 0.1 };
        if (dashboard is not null)
        {
            context = context with { OtlpEndpoint = context.Local(AspireDashboard.OtlpPort), TracedShare = 1 };
        }

        if (grafana is null && preview is not null)
        {
            PreviewServer.EnsureBuilt(preview);
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
            .. (grafana, preview) switch
            {
                ({ } program, _) => (Component[])[Grafana.Component(context, program)],
                (null, { } site) => [DashboardPreview.Component(context, site)],
                _ => [],
            },
        ];

        programs.EnsureAllFound();
        ports.EnsureFree(PortsOf(components, database));
        return new(components, context, database);
    }

    private static IEnumerable<string> PortsOf(IReadOnlyList<Component> components, Database database) => Ports.Names.Where(port =>
        components.Any(component => port == component.Name || port == Grafana.Name && component.Name == DashboardPreview.Name || port.StartsWith(component.Name + "-", StringComparison.Ordinal) && !components.Any(other => other.Name == port))
        && (port != "postgres" || database.IsOurs));
}
