using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Promethoide.Smoke;

/// <summary>
/// Does what an officer does, from the desk's page to the entry, which the API takes back (<c>smoke: true</c>). Every step is tried even when
/// one before it failed: the picture tells which part is broken.
/// </summary>
internal sealed class SyntheticOfficer(IOptions<SmokeOptions> options, TimeProvider time) : IDisposable
{
    public static readonly string[] StepNames = ["desk", "look-up", "flight", "entry"];

    private readonly SmokeOptions _options = options.Value;

    // Not from the factory: its clients try again, which would hide what this is here to see. Each run connects anew, as a new officer would.
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5) })
    {
        BaseAddress = new Uri(options.Value.Target.AbsoluteUri.TrimEnd('/') + '/'),
        Timeout = options.Value.StepTimeout,
    };

    public async Task<Run> WalkAsync(CancellationToken cancellationToken)
    {
        Step[] steps =
        [
            await TryAsync("desk", () => _http.GetAsync(At(""), cancellationToken), HttpStatusCode.OK, body => body.Contains("<form", StringComparison.Ordinal), cancellationToken),
            await TryAsync(
                "look-up", () => _http.GetAsync(At($"api/dni/{Uri.EscapeDataString(_options.Document)}"), cancellationToken),
                HttpStatusCode.NotFound, body => Is(body, "code", "dni-not-found"), cancellationToken),
            await TryAsync(
                "flight", () => _http.GetAsync(At($"api/flights/{Uri.EscapeDataString(_options.Flight)}"), cancellationToken),
                HttpStatusCode.OK, body => Is(body, "message", "Flight found"), cancellationToken),
            await TryAsync(
                "entry", () => _http.PostAsJsonAsync(At("api/immigration"), Entry(), cancellationToken),
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

    private static Uri At(string path) => new(path, UriKind.Relative);

    private async Task<Step> TryAsync(
        string name, Func<Task<HttpResponseMessage>> ask, HttpStatusCode expected, Func<string, bool> isExpected, CancellationToken cancellationToken)
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
