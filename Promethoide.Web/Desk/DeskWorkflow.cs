using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Promethoide.Documents;
using Promethoide.Web.Hosting;
using Promethoide.Web.RestApi;
using Promethoide.Web.SignIn;

namespace Promethoide.Web.Desk;

/// <summary>The page's form as sent; any of it may be missing or forged.</summary>
public sealed record DeskSubmission(
    string? State, string? Action, string? Document, string? FlightNumber, string? ArrivalDate, string? Name, string? Lodging,
    string? DeclaredMoney, string? StayDays, string? BirthDate, string? Nationality);

/// <summary>A message about the last submission other than a decision.</summary>
public enum DeskNotice
{
    None,

    /// <summary>The API or its database is unavailable: nothing was checked, nothing is lost.</summary>
    Unavailable,

    /// <summary>The form was too old, or was not one of ours.</summary>
    Expired,
}

/// <summary>What is wrong with a field.</summary>
public enum FieldError
{
    Missing,
    Unreadable,
    NotFound,

    /// <summary>No flight has this number on the day that was typed.</summary>
    NotFoundThatDay,

    /// <summary>The letter of a Spanish DNI or NIE does not match its number.</summary>
    WrongLetter,

    /// <summary>Lines of a machine-readable zone are missing or malformed.</summary>
    IncompleteZone,

    /// <summary>A check digit of a machine-readable zone is wrong.</summary>
    WrongZone,
}

/// <summary>What the page shows. <paramref name="Errors"/> is keyed by the name of the input.</summary>
public sealed record DeskView(DeskState State, DeskNotice Notice, IReadOnlyDictionary<string, FieldError> Errors);

/// <summary>
/// The three steps. Each action is accepted only in its own step, and the results of earlier steps come only from the protected state. So
/// no form, however forged, gets past a wanted person or an unknown flight; and the API decides again in the end.
/// </summary>
public sealed partial class DeskWorkflow(
    RestApiClient api, CurrentOfficer officer, DeskStateProtector protector, ILogger<DeskWorkflow> logger)
{
    public const string CheckDocument = "check-document";
    public const string CheckFlight = "check-flight";
    public const string Decide = "decide";
    public const string EditDocument = "edit-document";
    public const string EditFlight = "edit-flight";
    public const string EditStay = "edit-stay";
    public const string Acknowledge = "acknowledge";
    public const string SomebodyElse = "somebody-else";

    private static readonly Dictionary<string, FieldError> NoErrors = [];

    /// <summary>Today at the desk (<see cref="DeskTimeZone"/>).</summary>
    public static DateOnly Today => DateOnly.FromDateTime(TimeProvider.System.GetLocalNow().Date);

    public async Task<DeskView> SubmitAsync(DeskSubmission submission)
    {
        if (string.IsNullOrEmpty(submission.State) || !protector.TryUnprotect(submission.State, out var state))
        {
            return View(DeskState.NewTraveller with { Document = submission.Document ?? "" }, DeskNotice.Expired);
        }

        state = WithTyped(state, submission);
        try
        {
            return (submission.Action, state.Step) switch
            {
                (CheckDocument, DeskStep.Document) => await CheckDocumentAsync(state),
                (CheckFlight, DeskStep.Flight) => await CheckFlightAsync(state),
                (Decide, DeskStep.Stay) => await DecideAsync(state),
                (SomebodyElse, DeskStep.Flight or DeskStep.Stay) => View(state with { Matches = null }),
                (EditDocument, DeskStep.Flight or DeskStep.Stay) =>
                    View(state with { DocumentChecked = false, Matches = null, MatchedBy = "" }),
                (EditFlight, DeskStep.Stay) => View(state with { Flight = null }),
                (EditFlight or EditStay, DeskStep.Decided) when state.Decision is { Outcome: Outcome.Refused or Outcome.Conflict } =>
                    View(state with
                    {
                        Decision = null,
                        Flight = submission.Action == EditFlight ? null : state.Flight,
                        FormId = Guid.NewGuid(),
                    }),
                (Acknowledge, DeskStep.Decided) when state.Decision is { Outcome: Outcome.Wanted } wanted =>
                    View(state with { Decision = wanted with { Acknowledged = true } }),
                _ => View(state),
            };
        }
        catch (RestApiUnavailableException e)
        {
            LogUnavailable(e.Message);
            return View(state, DeskNotice.Unavailable);
        }
    }

    private static DeskState WithTyped(DeskState state, DeskSubmission typed) => state.Step switch
    {
        DeskStep.Document => state with { Document = typed.Document ?? state.Document },
        DeskStep.Flight =>
            state with { FlightNumber = typed.FlightNumber ?? state.FlightNumber, ArrivalDate = typed.ArrivalDate ?? state.ArrivalDate },
        DeskStep.Stay => state with
        {
            Stay = new StayText(
                typed.Name ?? state.Stay.Name,
                typed.Lodging ?? state.Stay.Lodging,
                typed.DeclaredMoney ?? state.Stay.DeclaredMoney,
                typed.StayDays ?? state.Stay.StayDays,
                typed.BirthDate ?? state.Stay.BirthDate,
                typed.Nationality ?? state.Stay.Nationality),
        },
        _ => state,
    };

    private async Task<DeskView> CheckDocumentAsync(DeskState state)
    {
        MachineReadableZone? zone = null;
        if (MachineReadableZone.LooksLikeOne(state.Document)
            && !MachineReadableZone.TryRead(state.Document, Today, out zone, out var problem))
        {
            return View(
                state, Fields.Document, problem.Kind == ZoneProblemKind.WrongCheckDigit ? FieldError.WrongZone : FieldError.IncompleteZone);
        }

        if (Reading.Document(zone?.Number ?? state.Document) is not { } document)
        {
            return View(state, Fields.Document, MissingOrUnreadable(state.Document));
        }

        if (await api.FindWantedAsync(document) is { } wanted)
        {
            return View(new DeskState { Document = document, Decision = new Decision(Outcome.Wanted, WantedName: wanted.Name) });
        }

        state = state with { Document = document };
        if (zone is not null)
        {
            state = state with
            {
                Stay = state.Stay with { Name = zone.DisplayName, BirthDate = $"{zone.BirthDate:O}", Nationality = zone.Nationality }
            };
            state = zone.BirthDate is { } birthDate ? await WithMatchesAsync(state, zone.DisplayName, birthDate) : state;
        }

        // A number that nobody has is not wanted either: that says nothing about the traveller.
        return SpanishNumber.HasRightLetter(document) is false && document != state.DoubtedDocument
            ? View(state with { DoubtedDocument = document }, Fields.Document, FieldError.WrongLetter)
            : View(state with { DocumentChecked = true });
    }

    /// <summary>Looks for wanted persons of this name and day of birth, once.</summary>
    private async Task<DeskState> WithMatchesAsync(DeskState state, string name, DateOnly birthDate)
    {
        var person = $"{name}\n{birthDate:O}";
        return person == state.MatchedBy
            ? state
            : state with
            {
                MatchedBy = person,
                Matches = await api.FindPossibleMatchesAsync(name, birthDate) is { Count: > 0 } found ? found : null,
            };
    }

    private async Task<DeskView> CheckFlightAsync(DeskState state)
    {
        if (Reading.FlightNumber(state.FlightNumber) is not { } number)
        {
            return View(state, Fields.FlightNumber, MissingOrUnreadable(state.FlightNumber));
        }

        if (!Reading.TryDay(state.ArrivalDate, out var arrival))
        {
            return View(state, Fields.ArrivalDate, FieldError.Unreadable);
        }

        var flight = await api.FindFlightAsync(number, arrival ?? Today) ?? (arrival is null ? await api.FindFlightAsync(number) : null);
        return flight is not null
            ? View(state with { FlightNumber = flight.FlightNumber, Flight = flight, FormId = Guid.NewGuid() })
            : View(state, Fields.FlightNumber, arrival is null ? FieldError.NotFound : FieldError.NotFoundThatDay);
    }

    private async Task<DeskView> DecideAsync(DeskState state)
    {
        var errors = new Dictionary<string, FieldError>();
        var name = Reading.Line(state.Stay.Name, 100);
        var lodging = Reading.Line(state.Stay.Lodging, 255);
        var money = Reading.Money(state.Stay.DeclaredMoney);
        var days = Reading.Days(state.Stay.StayDays);
        var nationality = Reading.Nationality(state.Stay.Nationality);

        // An empty accommodation is not a typo but a reason to refuse, which the API decides and stores.
        Check(Fields.Name, state.Stay.Name, !string.IsNullOrEmpty(name));
        Check(Fields.Lodging, "…", lodging is not null);
        Check(Fields.DeclaredMoney, state.Stay.DeclaredMoney, money is not null);
        Check(Fields.StayDays, state.Stay.StayDays, days is not null);
        Check(Fields.BirthDate, "…", Reading.TryBirthDate(state.Stay.BirthDate, Today, out var birthDate));
        Check(Fields.Nationality, "…", nationality is not null);
        if (errors.Count > 0)
        {
            return new DeskView(state, DeskNotice.None, errors);
        }

        state = birthDate is { } born ? await WithMatchesAsync(state, name!, born) : state with { Matches = null, MatchedBy = "" };
        if (state.Matches is not null)
        {
            return View(state);
        }

        var request = new EntryRequest(
            name!,
            state.Document,
            lodging!,
            money!.Value,
            state.Flight!.FlightNumber,
            state.Flight.ArrivalDate,
            days!.Value,
            birthDate,
            nationality is "" ? null : nationality);
        switch (await api.DecideAsync(request, IdempotencyKey(state, request)))
        {
            case DecisionAnswer.Admitted { Id: var id }:
                return View(state with { Decision = new Decision(Outcome.Admitted, Entry: EntryOf(request, id)) });
            case DecisionAnswer.AlreadyRegistered { Entry: var entry }:
                // Fields left empty this time contradict nothing.
                var same = entry == EntryOf(request, entry.Id) with
                {
                    CreatedAt = entry.CreatedAt,
                    Officer = entry.Officer,
                    BirthDate = request.BirthDate ?? entry.BirthDate,
                    Nationality = request.Nationality ?? entry.Nationality,
                };
                return View(state with { Decision = new Decision(same ? Outcome.Known : Outcome.Conflict, Entry: entry) });
            case DecisionAnswer.Refused { Code: ProblemCodes.InterpolMatch }:
                return View(new DeskState { Document = state.Document, Decision = new Decision(Outcome.Wanted) });
            case DecisionAnswer.Refused { Code: var code, RequiredMoney: var required }:
                return View(state with
                {
                    Decision = new Decision(
                        Outcome.Refused,
                        code,
                        RequiredMoney: required,
                        DeclaredMoney: request.DeclaredMoney,
                        At: TimeProvider.System.GetUtcNow()),
                });
            case DecisionAnswer.Invalid { Fields: var fields } when fields.Any(Fields.OfStay.Contains):
                return new DeskView(
                    state, DeskNotice.None, fields.Where(Fields.OfStay.Contains).ToDictionary(field => field, _ => FieldError.Unreadable));
            default:
                throw new RestApiUnavailableException("The REST API objects to something that the officer cannot change.");
        }

        void Check(string field, string typed, bool valid)
        {
            if (!valid)
            {
                errors.Add(field, MissingOrUnreadable(typed));
            }
        }
    }

    // Anything the officer has changed since makes it a different application. A form of an earlier version has no id.
    private static string? IdempotencyKey(DeskState state, EntryRequest request) => state.FormId == Guid.Empty
        ? null
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{state.FormId} {JsonSerializer.Serialize(request)}")));

    private ImmigrationEntry EntryOf(EntryRequest sent, long id) =>
        new(
            id,
            sent.Name,
            sent.Dni,
            sent.Lodging,
            sent.DeclaredMoney,
            sent.FlightNumber,
            sent.ArrivalDate,
            sent.StayDays,
            TimeProvider.System.GetUtcNow(),
            officer.UserName,
            sent.BirthDate,
            sent.Nationality);

    private static FieldError MissingOrUnreadable(string typed) =>
        string.IsNullOrWhiteSpace(typed) ? FieldError.Missing : FieldError.Unreadable;

    private static DeskView View(DeskState state, DeskNotice notice = DeskNotice.None) => new(state, notice, NoErrors);

    private static DeskView View(DeskState state, string field, FieldError error) =>
        new(state, DeskNotice.None, new Dictionary<string, FieldError> { [field] = error });

    [LoggerMessage(LogLevel.Warning, "The desk cannot reach the API: {Reason}")]
    private partial void LogUnavailable(string reason);
}

/// <summary>The names of the inputs, which are those of the API's fields. Browser tests rely on them.</summary>
public static class Fields
{
    public const string State = "state";
    public const string Document = "dni";
    public const string FlightNumber = "flight_number";
    public const string ArrivalDate = "arrival_date";
    public const string Name = "name";
    public const string Lodging = "lodging";
    public const string DeclaredMoney = "declared_money";
    public const string StayDays = "stay_days";
    public const string BirthDate = "birth_date";
    public const string Nationality = "nationality";
    public const string Officer = "officer";

    public static IReadOnlySet<string> OfStay { get; } = new HashSet<string>
    {
        Name,
        Lodging,
        DeclaredMoney,
        StayDays,
        BirthDate,
        Nationality,
    };
}
