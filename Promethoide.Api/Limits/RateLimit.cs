using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using Promethoide.Api.Data;
using Promethoide.Api.Problems;

namespace Promethoide.Api.Limits;

/// <summary>
/// Limits requests per second and client. The client is the address that the trusted proxy reports, not the proxy. The desk bypasses the
/// proxy, so it shares its limit with no client behind it, even where all have one address, as on a developer's machine. The framework's
/// middleware around the same limiter would cost 2 % of a look-up, for queues, policies and metrics that we do not use.
/// </summary>
internal static class RateLimit
{
    public static void UseRateLimit(this WebApplication app)
    {
        var limits = app.Services.GetRequiredService<IOptions<LimitsOptions>>().Value;
        if (limits.RequestsPerSecond == 0)
        {
            return;
        }

        var bucket = Bucket(limits);
        var limiter = PartitionedRateLimiter.Create<Caller, Caller>(client =>
            RateLimitPartition.GetTokenBucketLimiter(client, _ => bucket));
        app.Lifetime.ApplicationStopped.Register(limiter.Dispose);

        app.Use((context, next) =>
        {
            if (context.Features.Get<WarmUpRequest>() is not null)
            {
                return next(context);
            }

            using var lease = limiter.AttemptAcquire(new(
                Client(context.Connection.RemoteIpAddress),
                context.Request.Headers.ContainsKey(ForwardedHeadersDefaults.XOriginalForHeaderName)));
            return lease.IsAcquired ? next(context) : RefuseAsync(context, lease);
        });
    }

    /// <summary>
    /// The address that counts as one client: for IPv6, the subscriber's network, because addresses within it cost nothing.
    /// </summary>
    internal static IPAddress Client(IPAddress? address)
    {
        if (address is null || address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address ?? IPAddress.None;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new IPAddress(bytes);
    }

    private static TokenBucketRateLimiterOptions Bucket(LimitsOptions limits)
    {
        // Ten times a second, so that a client at its limit is slowed down rather than blocked for the rest of the second.
        var tokens = Math.Max(1, limits.RequestsPerSecond / 10);
        return new TokenBucketRateLimiterOptions
        {
            TokenLimit = limits.RequestBurst,
            TokensPerPeriod = tokens,
            ReplenishmentPeriod = TimeSpan.FromSeconds((double)tokens / Math.Max(1, limits.RequestsPerSecond)),
            QueueLimit = 0,
        };
    }

    private static Task RefuseAsync(HttpContext context, RateLimitLease lease) => ProblemSetup
        .TooMany(
            context,
            lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.Zero,
            "Too many requests from this address. Please wait a moment.")
        .WriteAsync(context);

    private readonly record struct Caller(IPAddress Address, bool IsForwarded);
}
