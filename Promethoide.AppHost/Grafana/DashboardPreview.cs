namespace Promethoide.AppHost;

/// <summary>
/// Shows the dashboards where Grafana is not installed. It is built from npm when it starts; the network does not wait for it.
/// </summary>
internal static class DashboardPreview
{
    public const string Name = "dashboards";

    public static IResourceBuilder<DashboardPreviewResource> AddDashboardPreview(this IDistributedApplicationBuilder builder, string folder)
    {
        var preview = builder
            .AddResource(new DashboardPreviewResource(Name, Path.GetFullPath("../eng/dashboard-preview", builder.AppHostDirectory)))
            .WithArgs("start.sh")
            .WithEnvironment("DASHBOARDS_PATH", Path.Combine(folder, "dashboards"))
            .WithEnvironment("PREVIEW_CACHE", Path.Combine(builder.State().Downloads, "dashboard-preview"))
            .WithRequiredCommand("npm", "https://nodejs.org/en/download")
            .AsOptional();
        return preview.WithEnvironment("PORT", preview.GetEndpoint("http").Property(EndpointProperty.TargetPort));
    }

    public static IResourceBuilder<IGrafanaResource> WithPreview(this IResourceBuilder<IGrafanaResource> preview) =>
        preview
            .WithHttpHealthCheck("/")
            .WithUrlForEndpoint("http", url => url.DisplayText = "Dashboards")
            .WithSummary("Dashboards", note: "drawn without Grafana, which is not installed here");
}
