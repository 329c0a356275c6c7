using System.Net;
using Microsoft.Extensions.Http.Resilience;
using OpenTelemetry.Instrumentation.Http;

namespace Promethoide.Web.RestApi;

internal static class RestApiSetup
{
    /// <summary>The typed client of the API, which service discovery knows as <c>rest-api</c>.</summary>
    public static void AddRestApiClient(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<PageTime>();
        var client = builder.Services.AddHttpClient<RestApiClient>(http => http.BaseAddress = new Uri("http://rest-api/"));

        // Its loggers write every URL, and the API's URLs contain document numbers.
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
            // A request that has not reached the API may always be sent again, to the next replica if there are several.
            var isSafe = options.Retry.ShouldHandle;
            options.Retry.ShouldHandle = async attempt => HasNotReachedIt(attempt.Outcome.Exception) || await isSafe(attempt);
            // Desks send few requests: break only when the API is clearly down, and notice its return immediately.
            options.CircuitBreaker.FailureRatio = 0.9;
            options.CircuitBreaker.MinimumThroughput = 20;
            options.CircuitBreaker.BreakDuration = TimeSpan.FromSeconds(1);
            // "Too many requests" is an answer: a client that guesses passwords must not open the circuit for everyone else.
            var isFailure = options.CircuitBreaker.ShouldHandle;
            options.CircuitBreaker.ShouldHandle = async attempt =>
                attempt.Outcome.Result?.StatusCode != HttpStatusCode.TooManyRequests && await isFailure(attempt);
        });

        // Around service discovery, which every client has by default: each attempt resolves again, and may go to another replica.
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

    // The second is how a ConnectTimeout surfaces.
    private static bool HasNotReachedIt(Exception? exception) => exception is
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError }
        or OperationCanceledException { InnerException: TimeoutException };

    // The rest of the path and the query contain document numbers and names.
    private static string FirstSegment(Uri? uri) => uri is { Segments: [_, var first, ..] } ? first.TrimEnd('/') : "";
}
