using Microsoft.AspNetCore.Components;
using Promethoide.Documents;
using Promethoide.Web.Desk;
using Promethoide.Web.Hosting;
using Promethoide.Web.Resources;
using Promethoide.Web.RestApi;

namespace Promethoide.Web.Components.Pages;

/// <summary>The desk itself: the result of <see cref="DeskWorkflow"/> as a page.</summary>
public partial class DeskPage
{
    public const string FormName = "desk";

    private const string ChoicesId = "flights-today";
    private const string ViewField = "view";

    /// <summary>
    /// Apache accepts lines of 4 kB, in a request and in its Referer; longer views are shown under the desk's own address.
    /// </summary>
    private const int LongestAddress = 3500;

    private DeskView _view = new(DeskState.NewTraveller, DeskNotice.None, new Dictionary<string, FieldError>());
    private IReadOnlyList<Flight> _flights = [];

    [CascadingParameter]
    public HttpContext Http { get; set; } = null!;

    [SupplyParameterFromQuery(Name = ViewField)]
    public string? SentView { get; set; }

    [SupplyParameterFromForm(Name = Fields.State)]
    public string? SentState { get; set; }

    [SupplyParameterFromForm(Name = "action")]
    public string? SentAction { get; set; }

    [SupplyParameterFromForm(Name = Fields.Document)]
    public string? SentDocument { get; set; }

    [SupplyParameterFromForm(Name = Fields.FlightNumber)]
    public string? SentFlightNumber { get; set; }

    [SupplyParameterFromForm(Name = Fields.ArrivalDate)]
    public string? SentArrivalDate { get; set; }

    [SupplyParameterFromForm(Name = Fields.Name)]
    public string? SentName { get; set; }

    [SupplyParameterFromForm(Name = Fields.Lodging)]
    public string? SentLodging { get; set; }

    [SupplyParameterFromForm(Name = Fields.DeclaredMoney)]
    public string? SentDeclaredMoney { get; set; }

    [SupplyParameterFromForm(Name = Fields.StayDays)]
    public string? SentStayDays { get; set; }

    [SupplyParameterFromForm(Name = Fields.BirthDate)]
    public string? SentBirthDate { get; set; }

    [SupplyParameterFromForm(Name = Fields.Nationality)]
    public string? SentNationality { get; set; }

    private DeskState State => _view.State;

    private DeskNotice Notice => _view.Notice;

    private Decision? Decision => _view.State.Decision;

    // The button that Enter presses.
    private string? Next => State.Step switch
    {
        DeskStep.Document => DeskWorkflow.CheckDocument,
        DeskStep.Flight => DeskWorkflow.CheckFlight,
        DeskStep.Stay => DeskWorkflow.Decide,
        _ => null,
    };

    protected override async Task OnInitializedAsync()
    {
        if (!HttpMethods.IsPost(Http.Request.Method) && !string.IsNullOrEmpty(SentView))
        {
            _view = Protector.TryUnprotectView(SentView, out var view) ? view : _view with { Notice = DeskNotice.Expired };
            await ShowChoicesAsync();
        }
    }

    private async Task SubmitAsync()
    {
        _view = await Workflow.SubmitAsync(new DeskSubmission(
            SentState, SentAction, SentDocument, SentFlightNumber, SentArrivalDate, SentName, SentLodging, SentDeclaredMoney, SentStayDays,
            SentBirthDate, SentNationality));
        if (Notice == DeskNotice.Unavailable)
        {
            // The page tells the officer; its status counts against the objectives.
            Http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        // A page that can be reloaded and returned to without repeating a request.
        var address = $"/?{ViewField}={Protector.ProtectView(_view)}";
        if (address.Length <= LongestAddress)
        {
            Http.Response.Redirect(address);
        }
        else
        {
            await ShowChoicesAsync();
        }
    }

    private async Task ShowChoicesAsync() => _flights = State.Step == DeskStep.Flight ? await FlightsToday.GetAsync() : [];

    // What leaving the page would lose: nothing, what is typed, or what has been checked.
    private string? Traveller => Decision is not null ? null : State == DeskState.NewTraveller ? "new" : "begun";

    private int Phase(DeskStep step) => step.CompareTo(State.Step);

    private string? EditIf(DeskStep step, string action) => Decision is null && step < State.Step ? action : null;

    // Late flights, and those that landed before midnight, are yesterday's.
    private static bool IsOtherDay(Flight flight) => flight.ArrivalDate.DayNumber - DeskWorkflow.Today.DayNumber is not (0 or -1);

    // Where the officer types next: the first field with an error, else the first empty one. A retry button takes the focus instead.
    private bool Focus(string field)
    {
        if (Notice == DeskNotice.Unavailable)
        {
            return false;
        }

        (string Name, string Value)[] fields = State.Step switch
        {
            DeskStep.Document => [(Fields.Document, State.Document)],
            DeskStep.Flight => [(Fields.FlightNumber, State.FlightNumber), (Fields.ArrivalDate, State.ArrivalDate)],
            _ =>
            [
                (Fields.Name, State.Stay.Name),
                (Fields.Lodging, State.Stay.Lodging),
                (Fields.DeclaredMoney, State.Stay.DeclaredMoney),
                (Fields.StayDays, State.Stay.StayDays),
                .. _view.Errors.Count > 0
                    ? [(Fields.BirthDate, State.Stay.BirthDate), (Fields.Nationality, State.Stay.Nationality)]
                    : Array.Empty<(string, string)>(),
            ],
        };
        var next = fields.FirstOrDefault(f => _view.Errors.Count > 0 ? _view.Errors.ContainsKey(f.Name) : f.Value.Length == 0).Name;
        return field == (next ?? fields[0].Name);
    }

    private string? Error(string field) => !_view.Errors.TryGetValue(field, out var error) ? null : (field, error) switch
    {
        (Fields.Document, FieldError.Missing) => Texts.Document_Missing,
        (Fields.Document, FieldError.WrongLetter) => Formats.Text(Texts.Document_WrongLetter, SpanishNumber.LetterOf(State.Document[..^1])),
        (Fields.Document, FieldError.IncompleteZone) => Texts.Document_IncompleteZone,
        (Fields.Document, FieldError.WrongZone) => Texts.Document_WrongZone,
        (Fields.Document, _) => Texts.Document_Unreadable,
        (Fields.FlightNumber, FieldError.Missing) => Texts.Flight_Missing,
        (Fields.FlightNumber, FieldError.NotFound) => Texts.Flight_NotFound,
        (Fields.FlightNumber, FieldError.NotFoundThatDay) => Texts.Flight_NotFoundThatDay,
        (Fields.FlightNumber, _) => Texts.Flight_Unreadable,
        (Fields.ArrivalDate, _) => Texts.Arrival_Unreadable,
        (Fields.Name, FieldError.Missing) => Texts.Name_Missing,
        (Fields.Name, _) => Texts.Name_Unreadable,
        (Fields.Lodging, _) => Texts.Lodging_Unreadable,
        (Fields.DeclaredMoney, FieldError.Missing) => Texts.Money_Missing,
        (Fields.DeclaredMoney, _) => Texts.Money_Unreadable,
        (Fields.StayDays, FieldError.Missing) => Texts.Days_Missing,
        (Fields.BirthDate, _) => Texts.Birth_Unreadable,
        (Fields.Nationality, _) => Texts.Nationality_Unreadable,
        _ => Texts.Days_Unreadable,
    };
}
