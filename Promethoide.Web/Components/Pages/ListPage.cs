using Microsoft.AspNetCore.Components;
using Promethoide.Web.Desk;
using Promethoide.Web.RestApi;

namespace Promethoide.Web.Components.Pages;

/// <summary>
/// What the lists of entries, refusals and hits have in common. Search and paging are sent as forms: a document number in an address would end up in
/// logs and histories.
/// </summary>
public abstract partial class ListPage<T> : ComponentBase
{
    [Inject]
    private ILoggerFactory Loggers { get; set; } = null!;

    [Inject]
    protected RestApiClient Api { get; set; } = null!;

    [CascadingParameter]
    public HttpContext Http { get; set; } = null!;

    [SupplyParameterFromForm(Name = Fields.Document)]
    public string? SentDocument { get; set; }

    [SupplyParameterFromForm(Name = Fields.FlightNumber)]
    public string? SentFlightNumber { get; set; }

    [SupplyParameterFromForm(Name = Fields.Officer)]
    public string? SentOfficer { get; set; }

    [SupplyParameterFromForm(Name = "after")]
    public long? SentAfter { get; set; }

    [SupplyParameterFromForm(Name = "action")]
    public string? SentAction { get; set; }

    protected ListView<T> View { get; private set; } = new("", "", "", null, null, false, false);

    protected abstract Task<Listing<T>> FetchAsync(ListFilter filter);

    protected override async Task OnInitializedAsync()
    {
        var clear = SentAction == ListView.Clear;
        var typedDocument = clear ? "" : SentDocument?.Trim() ?? "";
        var typedFlight = clear ? "" : SentFlightNumber?.Trim() ?? "";
        var typedOfficer = clear ? "" : SentOfficer?.Trim() ?? "";
        var document = typedDocument.Length == 0 ? "" : Reading.Document(typedDocument);
        var flight = typedFlight.Length == 0 ? "" : Reading.FlightNumber(typedFlight);
        var officer = typedOfficer.Length == 0 ? "" : Reading.Officer(typedOfficer);
        var after = SentAction == ListView.Older ? SentAfter : null;
        var unreadable = document is null || flight is null || officer is null;
        View = new ListView<T>(document ?? typedDocument, flight ?? typedFlight, officer ?? typedOfficer, after, null, false, unreadable);
        if (View.Unreadable)
        {
            return;
        }

        try
        {
            View = View with { Listing = await FetchAsync(new ListFilter(document!, flight!, officer!, after)) };
        }
        catch (RestApiUnavailableException e)
        {
            LogUnavailable(Loggers.CreateLogger(GetType()), e.Message);
            View = View with { Failed = true };
            // The page tells the officer; its status tells the objectives.
            Http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }
    }

    [LoggerMessage(LogLevel.Warning, "A list cannot reach the API: {Reason}")]
    private static partial void LogUnavailable(ILogger logger, string reason);
}

/// <summary>One page of a list and the search that led to it.</summary>
public sealed record ListView<T>(
    string Document, string FlightNumber, string Officer, long? After, Listing<T>? Listing, bool Failed, bool Unreadable)
{
    public bool Searched => Document.Length > 0 || FlightNumber.Length > 0 || Officer.Length > 0;
}

/// <summary>The actions of a list's form.</summary>
public static class ListView
{
    public const string Search = "search";
    public const string Older = "older";
    public const string Clear = "clear";
}
