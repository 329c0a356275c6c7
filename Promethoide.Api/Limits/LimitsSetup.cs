using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Promethoide.Api.Limits;

internal static class LimitsSetup
{
    public static void AddLimits(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<LimitsOptions>()
            .BindConfiguration(LimitsOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddSingleton<DelayLimit>();

        builder.Services.AddOptions<KestrelServerOptions>().Configure<IOptions<LimitsOptions>>((kestrel, limits) =>
        {
            kestrel.Limits.MaxRequestHeadersTotalSize = limits.Value.RequestHeaderBytes;
            kestrel.Limits.RequestHeadersTimeout = limits.Value.RequestTimeout;
            // The request time-out already covers slow bodies; a second limit would give the same answer in other words.
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.AddServerHeader = false;
        });
    }

    /// <summary>Call it after routing and before any work on the request.</summary>
    public static void UseLimits(this WebApplication app)
    {
        app.UseRateLimit();
        app.UseMiddleware<RequestTimeout>();
    }
}
