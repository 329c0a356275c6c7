using Promethoide.Local.Supervision;

namespace Promethoide.Local.Components;

/// <summary>The dashboards drawn without Grafana, at Grafana's port: an operations page where Grafana is not installed.</summary>
internal static class DashboardPreview
{
    public const string Name = "dashboard-preview";

    public static Component Component(NetworkContext context, string site) => new(Name)
    {
        WaitsFor = ["prometheus"],
        Url = context.Browser(Grafana.Name),
        Health = HttpHealth.Of($"{context.Local(Grafana.Name)}/"),
        Start = _ => Task.FromResult(new Command(DotnetServices.Host, (string[])
        [
            Path.Combine(AppContext.BaseDirectory, "Promethoide.Local.dll"),
            "preview", Path.GetFullPath(site),
            "--prometheus", context.Local("prometheus"),
            "--port", $"{context.Ports[Grafana.Name]}",
            .. context.OtlpEndpoint is null ? (string[])[] : ["--traces", context.Browser(AspireDashboard.Name)],
        ])),
    };
}
