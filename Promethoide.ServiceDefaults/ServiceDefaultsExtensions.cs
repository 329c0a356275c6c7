using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Promethoide.ServiceDefaults;

namespace Microsoft.Extensions.Hosting;

/// <summary>The common parts of every service in the network: telemetry, health, the ops port, service discovery and resilience.</summary>
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
            // A POST that timed out may have been carried out: the caller decides whether to retry, not the handler.
            http.AddStandardResilienceHandler(options => options.Retry.DisableForUnsafeHttpMethods());
            http.AddServiceDiscovery();
        });

        return builder;
    }

    /// <summary>Puts the ops port and the trusted proxies' headers in front of everything else; call it first on the application.</summary>
    /// <param name="app">The application.</param>
    /// <param name="more">Adds further endpoints to this service's ops port.</param>
    public static WebApplication UseServiceDefaults(this WebApplication app, Action<IApplicationBuilder>? more = null)
    {
        app.UseDraining();
        app.UseOpsPort(more);
        app.UseForwardedHeaders();
        return app;
    }
}
