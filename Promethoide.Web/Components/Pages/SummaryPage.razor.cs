using Microsoft.AspNetCore.Components;
using Promethoide.Web.Desk;
using Promethoide.Web.RestApi;

namespace Promethoide.Web.Components.Pages;

/// <summary>The figures of a day, for supervisors.</summary>
public partial class SummaryPage
{
    private DateOnly _day = DeskWorkflow.Today;
    private Summary? _summary;
    private bool _isUnreadable;

    /// <summary>As typed; today if empty.</summary>
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
        await AskAsync(async () => _summary = await Api.SummariseAsync(_day));
    }

    private static void OnSubmit()
    {
        // The page already has the new language.
    }
}
