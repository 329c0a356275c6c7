using System.Globalization;
using System.Net;
using System.Text.Json;
using Polly;

namespace Promethoide.Web.RestApi;

/// <summary>
/// The REST API as the desk sees it. Every method either returns an answer that the API really gave or throws
/// <see cref="RestApiUnavailableException"/>: a 404 of something else in between must never read as "this person is not wanted".
/// </summary>
public sealed class RestApiClient(HttpClient http)
{
    public const int PageSize = 20;

    // A page has to answer within about five seconds, however many calls it makes and whatever the API does.
    private static readonly TimeSpan PageBudget = TimeSpan.FromSeconds(4.5);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private readonly long _started = TimeProvider.System.GetTimestamp();

    /// <summary>The wanted person with this document, or null when the API says that there is none.</summary>
    public Task<WantedPerson?> FindWantedAsync(string document) => CallAsync(async cancellation =>
    {
        using var response = await http.GetAsync($"dni/{Uri.EscapeDataString(document)}", cancellation);
        return response.StatusCode switch
        {
            HttpStatusCode.OK => (await ReadAsync<WantedAnswer>(response, cancellation)).Dni,
            HttpStatusCode.NotFound when await CodeAsync(response, cancellation) == ProblemCodes.DocumentNotFound => null,
            _ => throw Unusable(response),
        };
    });

    /// <summary>The flight with this number, or null when the API knows none.</summary>
    public Task<Flight?> FindFlightAsync(string flightNumber) => CallAsync(async cancellation =>
    {
        using var response = await http.GetAsync($"flights/{Uri.EscapeDataString(flightNumber)}", cancellation);
        return response.StatusCode switch
        {
            HttpStatusCode.OK => (await ReadAsync<FlightAnswer>(response, cancellation)).Flight,
            HttpStatusCode.NotFound when await CodeAsync(response, cancellation) == ProblemCodes.FlightNotFound => null,
            _ => throw Unusable(response),
        };
    });

    /// <summary>Asks for the decision. Sent once: whether to ask again is the officer's choice, and safe.</summary>
    public Task<RegistrationAnswer> RegisterAsync(Registration registration) => CallAsync<RegistrationAnswer>(async cancellation =>
    {
        using var response = await http.PostAsJsonAsync("immigration", registration, Json, cancellation);
        if (response.StatusCode == HttpStatusCode.Created)
        {
            return new RegistrationAnswer.Admitted((await ReadAsync<CreatedAnswer>(response, cancellation)).Id);
        }

        if ((int)response.StatusCode is < 400 or >= 500)
        {
            throw Unusable(response);
        }

        var problem = await ReadAsync<Problem>(response, cancellation);
        return problem switch
        {
            { Code: ProblemCodes.AlreadyRegistered, Id: { } id } => new RegistrationAnswer.AlreadyRegistered(id),
            { Code: ProblemCodes.InvalidRequest } => new RegistrationAnswer.Invalid(problem.Errors?.Keys.ToArray() ?? []),
            { Code: ProblemCodes.InterpolMatch or ProblemCodes.FlightNotFound or ProblemCodes.LodgingRequired or ProblemCodes.InsufficientMoney } =>
                new RegistrationAnswer.Refused(problem.Code),
            _ => throw Unusable(response),
        };
    });

    /// <summary>The stored entry, or null when the API knows none with this number.</summary>
    public Task<Entry?> FindEntryAsync(long id) => CallAsync(async cancellation =>
    {
        using var response = await http.GetAsync($"immigration/{id.ToString(CultureInfo.InvariantCulture)}", cancellation);
        return response.StatusCode switch
        {
            HttpStatusCode.OK => await ReadAsync<Entry>(response, cancellation),
            HttpStatusCode.NotFound when await CodeAsync(response, cancellation) == ProblemCodes.EntryNotFound => null,
            _ => throw Unusable(response),
        };
    });

    public Task<Listing<Entry>> ListEntriesAsync(ListFilter filter) => ListAsync<Entry>("immigration", filter);

    public Task<Listing<Refusal>> ListRefusalsAsync(ListFilter filter) => ListAsync<Refusal>("refusals", filter);

    private Task<Listing<T>> ListAsync<T>(string path, ListFilter filter) => CallAsync(async cancellation =>
    {
        var query = new QueryString().Add("limit", PageSize.ToString(CultureInfo.InvariantCulture));
        query = filter.Document.Length > 0 ? query.Add("dni", filter.Document) : query;
        query = filter.FlightNumber.Length > 0 ? query.Add("flight_number", filter.FlightNumber) : query;
        query = filter.After is { } after ? query.Add("after", after.ToString(CultureInfo.InvariantCulture)) : query;
        using var response = await http.GetAsync(path + query, cancellation);
        return response.StatusCode == HttpStatusCode.OK ? await ReadAsync<Listing<T>>(response, cancellation) : throw Unusable(response);
    });

    private async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call)
    {
        var left = PageBudget - TimeProvider.System.GetElapsedTime(_started);
        using var budget = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        try
        {
            return await call(budget.Token);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or ExecutionRejectedException or JsonException or IOException)
        {
            throw new RestApiUnavailableException($"The REST API gave no answer ({e.GetType().Name}).", e);
        }
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellation) =>
        await response.Content.ReadFromJsonAsync<T>(Json, cancellation) ?? throw Unusable(response);

    private static async Task<string?> CodeAsync(HttpResponseMessage response, CancellationToken cancellation) =>
        (await ReadAsync<Problem>(response, cancellation)).Code;

    private static RestApiUnavailableException Unusable(HttpResponseMessage response) =>
        new($"The REST API answered {(int)response.StatusCode} where the desk does not expect it.");
}
