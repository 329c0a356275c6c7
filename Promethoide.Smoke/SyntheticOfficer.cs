using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Promethoide.Smoke;

/// <summary>
/// Does what an officer does, from the desk's page to the entry, which the API rolls back (<c>smoke: true</c>). At the desk he gets only as
/// far as the sign-in page, since he has no password; the API identifies him by his key. Every step is tried even if an earlier one failed:
/// the results show which part is broken.
/// </summary>
internal sealed class SyntheticOfficer(IOptions<SmokeOptions> options, TimeProvider time) : IDisposable
{
    public static readonly string[] StepNames = ["desk", "look-up", "flight", "entry"];

    private readonly SmokeOptions _options = options.Value;

    // Not from the factory: its clients retry, which would hide the failures that this has to detect. Each run opens new connections, as a
    // new officer would.
    private readonly HttpClient _http = new(
        new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5) })
    {
        BaseAddress = new Uri(options.Value.Target.AbsoluteUri.TrimEnd('/') + '/'),
        Timeout = options.Value.StepTimeout,
    };

    public async Task<Run> WalkAsync(CancellationToken cancellationToken)
    {
        Step[] steps =
        [
            await TryAsync("desk", () => OpenDeskAsync(cancellationToken), HttpStatusCode.OK, AsksToSignIn, cancellationToken),
            await TryAsync(
                "look-up",
                () => AskAsync(HttpMethod.Get, $"api/dni/{Uri.EscapeDataString(_options.Document)}", content: null, cancellationToken),
                HttpStatusCode.NotFound, body => Is(body, "code", "dni-not-found"), cancellationToken),
            await TryAsync(
                "flight",
                () => AskAsync(HttpMethod.Get, $"api/flights/{Uri.EscapeDataString(_options.Flight)}", content: null, cancellationToken),
                HttpStatusCode.OK, body => Is(body, "message", "Flight found"), cancellationToken),
            await TryAsync(
                "entry", () => AskAsync(HttpMethod.Post, "api/immigration", JsonContent.Create(Entry()), cancellationToken),
                HttpStatusCode.Created, body => Is(body, "message", "Test passed"), cancellationToken),
        ];
        return new Run(time.GetUtcNow(), steps);
    }

    public void Dispose() => _http.Dispose();

    private object Entry() => new
    {
        name = "Synthetic Officer",
        dni = _options.Document,
        lodging = "Smoke test",
        declared_money = 1_000_000,
        flight_number = _options.Flight,
        stay_days = 1,
        smoke = true,
    };

    // Without a session the desk redirects to the sign-in page, here on this same host.
    private async Task<HttpResponseMessage> OpenDeskAsync(CancellationToken cancellationToken)
    {
        var page = await _http.GetAsync(At(""), cancellationToken);
        if (page.Headers.Location is not { } place
            || new Uri(_http.BaseAddress!, place) is not { AbsolutePath: var path } there
            || there.Host != _http.BaseAddress!.Host
            || !path.EndsWith("/sign-in", StringComparison.Ordinal))
        {
            return page;
        }

        page.Dispose();
        // Only the path: where TLS ends before Apache, the desk calls itself https.
        return await _http.GetAsync(new Uri(_http.BaseAddress!, there.PathAndQuery), cancellationToken);
    }

    private static bool AsksToSignIn(string page) =>
        page.Contains("<form", StringComparison.Ordinal)
            && page.Contains("name=\"user_name\"", StringComparison.Ordinal)
            && page.Contains("name=\"password\"", StringComparison.Ordinal);

    private async Task<HttpResponseMessage> AskAsync(
        HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, At(path)) { Content = content };
        request.Headers.Authorization = HasKey ? new AuthenticationHeaderValue("Bearer", _options.ApiKey) : null;
        var response = await _http.SendAsync(request, cancellationToken);
        if (response.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden))
        {
            return response;
        }

        response.Dispose();
        throw new HttpRequestException(
            $"{(HasKey ? "the key is not accepted" : "the API wants a key, and Smoke:ApiKey has none")} "
            + $"(status {(int)response.StatusCode})");
    }

    private bool HasKey => !string.IsNullOrEmpty(_options.ApiKey);

    private static Uri At(string path) => new(path, UriKind.Relative);

    private async Task<Step> TryAsync(
        string name,
        Func<Task<HttpResponseMessage>> ask,
        HttpStatusCode expected,
        Func<string, bool> isExpected,
        CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        string? failure;
        try
        {
            using var response = await ask();
            failure = response.StatusCode != expected ? $"status {(int)response.StatusCode} instead of {(int)expected}"
                : isExpected(await response.Content.ReadAsStringAsync(cancellationToken)) ? null
                : $"status {(int)expected}, but another answer than expected";
        }
        catch (HttpRequestException exception)
        {
            failure = exception.GetBaseException().Message;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            failure = $"no answer within {_options.StepTimeout.TotalSeconds:0.#} s";
        }

        return new Step(name, Stopwatch.GetElapsedTime(started).TotalSeconds, failure);
    }

    private static bool Is(string body, string property, string value)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind is JsonValueKind.Object
                && json.RootElement.TryGetProperty(property, out var found)
                && found.ValueKind is JsonValueKind.String
                && found.GetString() == value;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
