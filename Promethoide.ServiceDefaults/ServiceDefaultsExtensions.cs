using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Promethoide.ServiceDefaults;

namespace Microsoft.Extensions.Hosting;

/// <summary>What every service of the network has in common: telemetry, health, the ops port, service discovery and resilience.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>Adds the services; call it first on the builder.</summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.AddOpsPort();
        builder.AddTelemetry();
        builder.AddTrustedProxies();
        builder.AddAllowedHosts();
        builder.AddDraining();
        builder.AddRequestChecks();

        builder.Services.AddHealthChecks().AddSelfCheck();
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http =>
        {
            // A POST that timed out may have been carried out: sending it again is the caller's decision, not the handler's.
            http.AddStandardResilienceHandler(options => options.Retry.DisableForUnsafeHttpMethods());
            http.AddServiceDiscovery();
        });

        return builder;
    }

    /// <summary>Puts the ops port and the trusted proxies' headers in front of everything else; call it first on the application.</summary>
    /// <param name="app">The application.</param>
    /// <param name="more">What the ops port of this service has besides metrics and health.</param>
    public static WebApplication UseServiceDefaults(this WebApplication app, Action<IApplicationBuilder>? more = null)
    {
        app.UseDraining();
        app.UseOpsPort(more);
        app.UseForwardedHeaders();
        return app;
    }
}
