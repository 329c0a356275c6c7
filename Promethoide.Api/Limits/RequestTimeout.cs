using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Promethoide.Api.Problems;

namespace Promethoide.Api.Limits;

/// <summary>
/// Ends a request that takes too long, whatever the cause. The framework's middleware of this name does not interrupt reading a body.
/// </summary>
internal sealed class RequestTimeout(RequestDelegate next, IOptions<LimitsOptions> options)
{
    private readonly TimeSpan _limit = options.Value.RequestTimeout;

    public Task InvokeAsync(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<NoRequestTimeout>() is null ? RunAsync(context) : next(context);

    private async Task RunAsync(HttpContext context)
    {
        var requestAborted = context.RequestAborted;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(requestAborted);
        timeout.CancelAfter(_limit);
        context.RequestAborted = timeout.Token;
        await using var body = context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true }
            ? new BodyInTime(context.Request.BodyReader, timeout.Token)
            : null;
        if (body is not null)
        {
            context.Request.Body = body;
        }

        try
        {
            await next(context);
        }
        catch (Exception) when (timeout.IsCancellationRequested && !requestAborted.IsCancellationRequested && !context.Response.HasStarted)
        {
            context.RequestAborted = requestAborted;
            var late = body is { IsComplete: false } ? "the body did not arrive" : "there was no answer";
            await ProblemSetup
                .Unavailable<RequestTimedOut>(context, "This took too long and was given up. Please try again in a few seconds.")
                .WriteAsync(context, new TimeoutException($"{late} within {_limit.TotalSeconds} s"));
        }
        finally
        {
            context.RequestAborted = requestAborted;
        }
    }
}

/// <summary>Marks a deliberately slow endpoint that has its own limit.</summary>
internal sealed class NoRequestTimeout
{
    public static readonly NoRequestTimeout Instance = new();
}
