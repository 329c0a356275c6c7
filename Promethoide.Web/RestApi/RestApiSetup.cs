using System.Net;
using Microsoft.Extensions.Http.Resilience;
using OpenTelemetry.Instrumentation.Http;

namespace Promethoide.Web.RestApi;

internal static class RestApiSetup
{
    /// <summary>The typed client of the API, whose address service discovery knows as <c>rest-api</c>.</summary>
    public static void AddRestApiClient(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<PageTime>();
        var client = builder.Services.AddHttpClient<RestApiClient>(http => http.BaseAddress = new Uri("http://rest-api/"));

        // Its loggers write every URL, and the API's URLs hold document numbers.
        client.RemoveAllLoggers();

        client.UseSocketsHttpHandler((handler, _) =>
        {
            handler.ConnectTimeout = TimeSpan.FromSeconds(2);
            handler.ConnectCallback = Replicas.ConnectAsync;
            // New connections find new replicas.
            handler.PooledConnectionLifetime = TimeSpan.FromSeconds(30);
        });

        // The defaults allow 30 seconds; the officer waits for this answer.
#pragma warning disable EXTEXP0001 // The documented way to replace the defaults for one client.
        client.RemoveAllResilienceHandlers();
#pragma warning restore EXTEXP0001
        client.AddStandardResilienceHandler(options =>
        {
            options.AttemptTimeout.Timeout = TimeSpan.FromSeconds(3);
            options.TotalRequestTimeout.Timeout = TimeSpan.FromSeconds(3.5);
            options.Retry.MaxRetryAttempts = 1;
            options.Retry.Delay = TimeSpan.FromMilliseconds(200);
            options.Retry.DisableForUnsafeHttpMethods();
            // What has not reached the API may be sent again, whatever it is; where there are several, to the next.
            var isSafe = options.Retry.ShouldHandle;
            options.Retry.ShouldHandle = async attempt => HasNotReachedIt(attempt.Outcome.Exception) || await isSafe(attempt);
            // Few requests come from desks: break only when the API is plainly away, and notice its return at once.
            options.CircuitBreaker.FailureRatio = 0.9;
            options.CircuitBreaker.MinimumThroughput = 20;
            options.CircuitBreaker.BreakDuration = TimeSpan.FromSeconds(1);
            // "Too many requests" is an answer: whoever tries passwords must not make the API look away to everybody else.
            var isFailure = options.CircuitBreaker.ShouldHandle;
            options.CircuitBreaker.ShouldHandle = async attempt =>
                attempt.Outcome.Result?.StatusCode != HttpStatusCode.TooManyRequests && await isFailure(attempt);
        });

        // Around service discovery, which every client has from the defaults: each try asks it, and may go to another replica.
        client.ConfigureAdditionalHttpMessageHandlers((handlers, _) =>
        {
            var resilience = handlers.OfType<ResilienceHandler>().Single();
            handlers.Remove(resilience);
            handlers.Insert(0, resilience);
        });

        builder.Services.Configure<HttpClientTraceInstrumentationOptions>(options =>
            options.EnrichWithHttpRequestMessage = (activity, request) =>
                activity.SetTag("url.full", $"{request.RequestUri?.GetLeftPart(UriPartial.Authority)}/{FirstSegment(request.RequestUri)}"));
    }

    // The second is how a ConnectTimeout shows.
    private static bool HasNotReachedIt(Exception? exception) => exception is
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError }
        or OperationCanceledException { InnerException: TimeoutException };

    // Document numbers and names are in the rest of the path and in the query.
    private static string FirstSegment(Uri? uri) => uri is { Segments: [_, var first, ..] } ? first.TrimEnd('/') : "";
}
