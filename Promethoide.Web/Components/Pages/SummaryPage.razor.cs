using Microsoft.AspNetCore.Components;
using Promethoide.Web.Desk;
using Promethoide.Web.RestApi;

namespace Promethoide.Web.Components.Pages;

/// <summary>A day in numbers, for supervisors.</summary>
public partial class SummaryPage
{
    private DateOnly _day = DeskWorkflow.Today;
    private Summary? _summary;
    private bool _failed;
    private bool _isUnreadable;

    [Inject]
    private RestApiClient Api { get; set; } = null!;

    [Inject]
    private ILogger<SummaryPage> Logger { get; set; } = null!;

    [CascadingParameter]
    public HttpContext Http { get; set; } = null!;

    /// <summary>As typed; today without it.</summary>
    [SupplyParameterFromQuery(Name = ListFields.Day)]
    public string? Day { get; set; }

    private string Address => string.IsNullOrEmpty(Day) ? "/summary" : "/summary" + QueryString.Create(ListFields.Day, Day);

    protected override async Task OnInitializedAsync()
    {
        if (!Reading.TryDay(Day ?? "", out var day))
        {
            _isUnreadable = true;
            return;
        }

        _day = day ?? _day;
        try
        {
            _summary = await Api.SummariseAsync(_day);
        }
        catch (RestApiUnavailableException e)
        {
            LogUnavailable(e.Message);
            _failed = true;
            // The page tells the officer; its status tells the objectives.
            Http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }
    }

    private static void OnSubmit()
    {
        // The page has the new language already.
    }

    [LoggerMessage(LogLevel.Warning, "The summary cannot reach the API: {Reason}")]
    private partial void LogUnavailable(string reason);
}
