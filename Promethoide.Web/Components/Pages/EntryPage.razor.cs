using Microsoft.AspNetCore.Components;
using Promethoide.Web.Desk;
using Promethoide.Web.Hosting;
using Promethoide.Web.Resources;
using Promethoide.Web.RestApi;

namespace Promethoide.Web.Components.Pages;

/// <summary>An entry, which supervisors may annul.</summary>
public partial class EntryPage
{
    private const string AnnulAction = "annul";
    private const int LongestReason = 255;

    private ImmigrationEntry? _entry;
    private string? _error;

    [Parameter]
    public long Id { get; set; }

    [SupplyParameterFromForm(Name = "reason")]
    public string? Reason { get; set; }

    [SupplyParameterFromForm(Name = "action")]
    public string? SentAction { get; set; }

    private string Address => $"/entries/{Id}";

    private string Title => Formats.Text(Texts.Entry_Title, Id);

    protected override Task OnInitializedAsync() => AskAsync(async () =>
    {
        if (SentAction == AnnulAction && await AnnulAsync())
        {
            // A page that can be reloaded.
            Http.Response.Redirect(Address);
            return;
        }

        _entry = await Api.FindEntryAsync(Id);
        if (_entry is null)
        {
            // The desk's own page for "not found".
            Http.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    });

    private static void OnSubmit()
    {
        // The form was handled before rendering started.
    }

    /// <summary>False when the page has a problem to report.</summary>
    private async Task<bool> AnnulAsync()
    {
        var reason = Reading.Line(Reason ?? "", LongestReason);
        if (!string.IsNullOrEmpty(reason) && (await Api.AnnulEntryAsync(Id, reason)).Problem is not ProblemCodes.InvalidRequest)
        {
            return true;
        }

        _error = reason is "" ? Texts.Annul_Missing : Texts.Annul_Unreadable;
        Http.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return false;
    }
}
