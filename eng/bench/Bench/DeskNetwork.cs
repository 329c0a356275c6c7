using Promethoide.Network;

namespace Promethoide.Bench;

/// <summary>The components between an officer and the database, without monitoring.</summary>
internal static class DeskNetwork
{
    /// <exception cref="InvalidOperationException">Something could not be started.</exception>
    public static Task<RunningNetwork> StartAsync() => RunningNetwork.StartAsync(builder =>
    {
        builder.StartOnly("postgres", "migrations", "rest-api", "web", "apache");
        foreach (var service in (string[])["rest-api", "web"])
        {
            // As in production: one request in ten is traced.
            builder.Set(service, "DOTNET_ENVIRONMENT", "Production");
            builder.Set(service, "OTEL_TRACES_SAMPLER", "parentbased_traceidratio");
            builder.Set(service, "OTEL_TRACES_SAMPLER_ARG", "0.1");
        }
    });
}
