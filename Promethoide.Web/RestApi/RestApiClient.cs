using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Polly;
using Promethoide.Web.SignIn;

namespace Promethoide.Web.RestApi;

/// <summary>
/// The REST API for the officer who is signed in. Every method either returns an answer that the API really gave or throws
/// <see cref="RestApiUnavailableException"/>: a 404 from something in between must never read as "this person is not wanted".
/// <see cref="SessionRefusedException"/> means that the session has ended, or may not do this.
/// </summary>
public sealed partial class RestApiClient(HttpClient http, PageTime time, CurrentOfficer officer)
{
    public const int PageSize = 20;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>The wanted person with this document, or null when the API says that there is none.</summary>
    public Task<WantedPerson?> FindWantedAsync(string document) => CallAsync(async cancellation =>
    {
        using var response = await GetAsync($"dni/{Uri.EscapeDataString(document)}", cancellation);
        return response.StatusCode switch
        {
            HttpStatusCode.OK => (await ReadAsync<WantedAnswer>(response, cancellation)).Dni,
            HttpStatusCode.NotFound when await CodeAsync(response, cancellation) == ProblemCodes.DocumentNotFound => null,
            _ => throw Unusable(response),
        };
    });

    /// <summary>Wanted persons with this name, in any form, and day of birth.</summary>
    public Task<IReadOnlyList<WantedPerson>> FindPossibleMatchesAsync(string name, DateOnly birthDate) => CallAsync(async cancellation =>
    {
        using var response = await GetAsync(
            "wanted" + new QueryString().Add("name", name).Add("birth_date", $"{birthDate:O}"), cancellation);
        return response.StatusCode == HttpStatusCode.OK
            ? (await ReadAsync<Page<WantedPerson>>(response, cancellation)).Items
            : throw Unusable(response);
    });

    /// <summary>
    /// The flight with this number that arrives on a day, or null when the API knows none; without a day, the next one, or else the latest.
    /// </summary>
    public Task<Flight?> FindFlightAsync(string flightNumber, DateOnly? arrival = null) => CallAsync(async cancellation =>
    {
        using var response = await GetAsync(
            $"flights/{Uri.EscapeDataString(flightNumber)}{(arrival is { } day ? $"?date={day:O}" : "")}", cancellation);
        return response.StatusCode switch
        {
            HttpStatusCode.OK => (await ReadAsync<FlightAnswer>(response, cancellation)).Flight,
            HttpStatusCode.NotFound when await CodeAsync(response, cancellation) == ProblemCodes.FlightNotFound => null,
            _ => throw Unusable(response),
        };
    });

    /// <summary>The flights that arrive on a day, by number.</summary>
    /// <param name="arrival">The day.</param>
    /// <param name="atMost">How long to wait for them.</param>
    public Task<IReadOnlyList<Flight>> ListFlightsAsync(DateOnly arrival, TimeSpan atMost) => CallAsync(
        async cancellation =>
        {
            using var response = await GetAsync($"flights?date={arrival:O}", cancellation);
            return response.StatusCode == HttpStatusCode.OK
                ? (await ReadAsync<FlightsAnswer>(response, cancellation)).Items
                : throw Unusable(response);
        },
        atMost);

    /// <summary>Asks for the decision. Sent once: the officer chooses whether to ask again, which is safe.</summary>
    /// <param name="request">The application.</param>
    /// <param name="idempotencyKey">The same for a repeated request, which is then decided only once.</param>
    public Task<DecisionAnswer> DecideAsync(EntryRequest request, string? idempotencyKey) => CallAsync<DecisionAnswer>(async cancellation =>
    {
        var message = Request(HttpMethod.Post, "immigration", request);
        if (idempotencyKey is not null)
        {
            message.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        using var response = await SendAsync(message, cancellation);
        if (response.StatusCode == HttpStatusCode.Created)
        {
            return new DecisionAnswer.Admitted((await ReadAsync<CreatedAnswer>(response, cancellation)).Id);
        }

        if ((int)response.StatusCode is < 400 or >= 500)
        {
            throw Unusable(response);
        }

        var problem = await ReadAsync<Problem>(response, cancellation);
        return problem switch
        {
            { Code: ProblemCodes.AlreadyRegistered, Entry: { } entry } => new DecisionAnswer.AlreadyRegistered(entry),
            { Code: ProblemCodes.InvalidRequest } => new DecisionAnswer.Invalid(problem.Errors?.Keys.ToArray() ?? []),
            {
                Code: ProblemCodes.InterpolMatch or ProblemCodes.FlightNotFound or ProblemCodes.LodgingRequired
                    or ProblemCodes.InsufficientMoney,
            } => new DecisionAnswer.Refused(problem.Code, problem.RequiredMoney),
            _ => throw Unusable(response),
        };
    });

    /// <summary>The entry with this number; null when there is none.</summary>
    public Task<ImmigrationEntry?> FindEntryAsync(long id) => CallAsync(async cancellation =>
    {
        using var response = await GetAsync($"immigration/{id}", cancellation);
        return response.StatusCode switch
        {
            HttpStatusCode.OK => await ReadAsync<ImmigrationEntry>(response, cancellation),
            HttpStatusCode.NotFound when await CodeAsync(response, cancellation) == ProblemCodes.EntryNotFound => null,
            _ => throw Unusable(response),
        };
    });

    /// <summary>Annuls an entry.</summary>
    public Task<Answer<ImmigrationEntry>> AnnulEntryAsync(long id, string reason) =>
        AskAsync(Request(HttpMethod.Post, $"immigration/{id}/annulment", new AnnulmentRequest(reason)), ReadAsync<ImmigrationEntry>);

    public Task<Page<ImmigrationEntry>> ListEntriesAsync(ListFilter filter) => ListAsync<ImmigrationEntry>("immigration", filter);

    public Task<Page<Refusal>> ListRefusalsAsync(ListFilter filter) => ListAsync<Refusal>("refusals", filter);

    public Task<Page<Hit>> ListHitsAsync(ListFilter filter) => ListAsync<Hit>("hits", filter);

    /// <summary>The summary of a day in the desk's time zone.</summary>
    public Task<Summary> SummariseAsync(DateOnly day) => CallAsync(async cancellation =>
    {
        using var response = await GetAsync(
            "summary" + new QueryString().Add("from", Start(day)).Add("until", Start(day.AddDays(1))), cancellation);
        return response.StatusCode == HttpStatusCode.OK ? await ReadAsync<Summary>(response, cancellation) : throw Unusable(response);
    });

    private Task<Page<T>> ListAsync<T>(string path, ListFilter filter) => CallAsync(async cancellation =>
    {
        var query = new QueryString().Add("limit", PageSize.ToString(CultureInfo.InvariantCulture));
        query = filter.Search.Length > 0 ? query.Add("search", filter.Search) : query;
        query = filter.FlightNumber.Length > 0 ? query.Add("flight_number", filter.FlightNumber) : query;
        query = filter.Officer.Length > 0 ? query.Add("officer", filter.Officer) : query;
        query = filter.Day is { } day ? query.Add("from", Start(day)).Add("until", Start(day.AddDays(1))) : query;
        query = filter.After is { } after ? query.Add("after", after.ToString(CultureInfo.InvariantCulture)) : query;
        using var response = await GetAsync(path + query, cancellation);
        return response.StatusCode == HttpStatusCode.OK ? await ReadAsync<Page<T>>(response, cancellation) : throw Unusable(response);
    });

    private static string Start(DateOnly day) =>
        TimeZoneInfo.ConvertTimeToUtc(day.ToDateTime(TimeOnly.MinValue), TimeZoneInfo.Local)
            .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, TimeSpan? atMost = null)
    {
        using var budget = new CancellationTokenSource(atMost < time.Left ? atMost.Value : time.Left);
        try
        {
            return await call(budget.Token);
        }
        catch (Exception e)
            when (e is HttpRequestException or OperationCanceledException or ExecutionRejectedException or JsonException or IOException)
        {
            throw new RestApiUnavailableException($"The REST API gave no answer ({e.GetType().Name}).", e);
        }
    }

    /// <summary>Sends a request that the API may refuse with one of the codes that pages know.</summary>
    private Task<Answer<T>> AskAsync<T>(HttpRequestMessage request, Func<HttpResponseMessage, CancellationToken, Task<T>> read) =>
        CallAsync(async cancellation =>
        {
            using var response = await SendAsync(request, cancellation);
            if (response.IsSuccessStatusCode)
            {
                return new Answer<T>(await read(response, cancellation));
            }

            if ((int)response.StatusCode is < 400 or >= 500)
            {
                throw Unusable(response);
            }

            var problem = await ReadAsync<Problem>(response, cancellation);
            return problem.Code
                is ProblemCodes.InvalidRequest or ProblemCodes.TooManyRequests or ProblemCodes.SignInFailed or ProblemCodes.NoRole
                or ProblemCodes.EntryNotFound or ProblemCodes.AlreadyAnnulled or ProblemCodes.OfficerExists or ProblemCodes.OfficerNotFound
                or ProblemCodes.LastSupervisor or ProblemCodes.SingleSignOn
                    ? new Answer<T>(default, problem.Code, problem.Errors?.Keys.ToArray() ?? [])
                    : throw Unusable(response);
        });

    private static Task<bool> Done(HttpResponseMessage response, CancellationToken cancellation) => Task.FromResult(true);

    private HttpRequestMessage Request(HttpMethod method, string path, object? body = null) => new(method, path)
    {
        Content = body is null ? null : JsonContent.Create(body, body.GetType(), options: Json),
        Headers = { Authorization = officer.Token is { } token ? new AuthenticationHeaderValue("Bearer", token) : null },
    };

    private Task<HttpResponseMessage> GetAsync(string path, CancellationToken cancellation) =>
        SendAsync(Request(HttpMethod.Get, path), cancellation);

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using (request)
        {
            var response = await http.SendAsync(request, cancellation);
            if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
                && await CodeAsync(response, cancellation) is
                    (ProblemCodes.SignInRequired or ProblemCodes.PasswordChangeRequired or ProblemCodes.NotAllowed) and { } code)
            {
                response.Dispose();
                throw new SessionRefusedException(code);
            }

            return response;
        }
    }

    // From the buffered bytes: a problem's body is read more than once.
    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellation) =>
        JsonSerializer.Deserialize<T>(await response.Content.ReadAsByteArrayAsync(cancellation), Json) ?? throw Unusable(response);

    private static async Task<string?> CodeAsync(HttpResponseMessage response, CancellationToken cancellation) =>
        (await ReadAsync<Problem>(response, cancellation)).Code;

    private static RestApiUnavailableException Unusable(HttpResponseMessage response) =>
        new($"The REST API answered {(int)response.StatusCode} where the desk does not expect it.");
}
