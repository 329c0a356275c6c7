using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Promethoide.Api.Limits;
using Promethoide.Api.Metrics;
using Promethoide.Api.Problems;

namespace Promethoide.Api.Officers;

/// <summary>
/// Limits sign-in attempts, separately from the API's other limits: by client address, and by the name entered, known or not.
/// </summary>
internal sealed class SignInLimits(IOptions<LimitsOptions> options, SignInMetrics metrics) : IDisposable
{
    private readonly PartitionedRateLimiter<IPAddress> _clients = PerMinute<IPAddress>(options.Value.SignInsPerClient);
    private readonly PartitionedRateLimiter<string> _names = PerMinute<string>(options.Value.SignInsPerName);

    /// <summary>The answer when there are too many attempts; null when the attempt may go on.</summary>
    /// <param name="http">The attempt.</param>
    /// <param name="name">The name entered, normalised; null when there is none.</param>
    public Problem<TooManyRequests>? Refuses(HttpContext http, string? name)
    {
        using var ofClient = _clients.AttemptAcquire(RateLimit.Client(http.Connection.RemoteIpAddress));
        using var ofName = ofClient.IsAcquired && name is not null ? _names.AttemptAcquire(name) : null;
        if (ofClient.IsAcquired && ofName is null or { IsAcquired: true })
        {
            return null;
        }

        metrics.Limited();
        http.Response.Headers.RetryAfter = "60";
        return new Problem<TooManyRequests>("Too many attempts. Please wait a minute.");
    }

    public void Dispose()
    {
        _clients.Dispose();
        _names.Dispose();
    }

    private static PartitionedRateLimiter<T> PerMinute<T>(int permits) where T : notnull => PartitionedRateLimiter.Create<T, T>(key =>
        RateLimitPartition.GetSlidingWindowLimiter(key, _ => new SlidingWindowRateLimiterOptions
        {
            PermitLimit = permits,
            Window = TimeSpan.FromMinutes(1),
            SegmentsPerWindow = 6,
            QueueLimit = 0,
        }));
}
