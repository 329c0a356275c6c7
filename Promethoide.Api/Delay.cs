using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Promethoide.Api.Description;
using Promethoide.Api.Limits;
using Promethoide.Api.Problems;

namespace Promethoide.Api;

/// <summary>The response of <c>GET /delay</c>.</summary>
/// <param name="Message">Says that the delay is over.</param>
/// <param name="Seconds">The delay in seconds, as requested.</param>
public sealed record Delayed(string Message, double Seconds);

/// <summary>A slow response, to make latency visible in probes and dashboards. It waits on a timer and holds no thread.</summary>
internal static class Delay
{
    private const int Default = 1;
    private const int Longest = 10;

    public static void MapDelay(this IEndpointRouteBuilder routes) => routes
        .MapGet("/delay", WaitAsync)
        .WithMetadata(NoRequestTimeout.Instance)
        .WithName("delay")
        .WithTags("Service")
        .WithSummary("Answers after a while")
        .DescribeNumber("seconds", JsonSchemaType.Number, "How long to wait, in seconds.", 0, Longest, Default);

    private static async Task<Results<Ok<Delayed>, Problem<InvalidRequest>, Problem<TooManyRequests>>> WaitAsync(
        HttpResponse response, DelayLimit limit, TimeProvider time, CancellationToken cancellationToken, string? seconds = null)
    {
        if (!TryRead(seconds, out var duration))
        {
            return InvalidFields.Result("seconds", $"Give a number of seconds from 0 to {Longest}.");
        }

        using var place = limit.Take();
        if (!place.IsAcquired)
        {
            response.Headers.RetryAfter = "1";
            return new Problem<TooManyRequests>("Too many are waiting here already. Please wait a moment.");
        }

        await Task.Delay(TimeSpan.FromSeconds(duration), time, cancellationToken);
        return TypedResults.Ok(new Delayed("Delayed response", duration));
    }

    private static bool TryRead(string? text, out double seconds)
    {
        seconds = Default;
        return text is null
            || (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out seconds)
                && seconds is >= 0 and <= Longest);
    }
}

/// <summary>Limits the number of concurrent waits: each holds one of Apache's workers.</summary>
internal sealed class DelayLimit(IOptions<LimitsOptions> options) : IDisposable
{
    private readonly ConcurrencyLimiter _places = new(new ConcurrencyLimiterOptions { PermitLimit = options.Value.Delays, QueueLimit = 0 });

    public RateLimitLease Take() => _places.AttemptAcquire();

    public void Dispose() => _places.Dispose();
}
