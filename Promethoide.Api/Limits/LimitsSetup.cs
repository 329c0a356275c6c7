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
            // The time-out of the request bounds a slow body; a second limit would answer the same in other words.
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.AddServerHeader = false;
        });
    }

    /// <summary>Call it after routing and before whatever works for the request.</summary>
    public static void UseLimits(this WebApplication app)
    {
        app.UseRateLimit();
        app.UseMiddleware<RequestTimeout>();
    }
}
