using System.Globalization;
using Microsoft.AspNetCore.Components;
using Promethoide.Web.Desk;
using Promethoide.Web.RestApi;

namespace Promethoide.Web.Components.Pages;

/// <summary>
/// The base of the lists of entries, refusals and hits. The address contains the search: it can be reloaded, returned to and shared.
/// </summary>
public abstract class ListPage<T> : ApiPage
{
    private const int LongestSearch = 100;

    [SupplyParameterFromQuery(Name = ListFields.Search)]
    public string? Search { get; set; }

    [SupplyParameterFromQuery(Name = Fields.FlightNumber)]
    public string? FlightNumber { get; set; }

    [SupplyParameterFromQuery(Name = ListFields.Day)]
    public string? Day { get; set; }

    [SupplyParameterFromQuery(Name = Fields.Officer)]
    public string? By { get; set; }

    [SupplyParameterFromQuery(Name = ListFields.After)]
    public string? After { get; set; }

    protected ListView<T> View { get; private set; } = new(new ListSearch("", "", "", "", null), null, false, false);

    protected abstract Task<Page<T>> FetchAsync(ListFilter filter);

    protected override async Task OnInitializedAsync()
    {
        var search = new ListSearch(
            Typed(Search),
            Typed(FlightNumber),
            Typed(Day),
            Typed(By),
            long.TryParse(After, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null);
        if (ReadFilter(search) is not { } filter)
        {
            View = new ListView<T>(search, null, false, Unreadable: true);
            return;
        }

        View = new ListView<T>(search with { FlightNumber = filter.FlightNumber, Officer = filter.Officer }, null, false, false);
        await AskAsync(async () => View = View with { Listing = await FetchAsync(filter) });
        View = View with { Failed = IsUnavailable };
    }

    private static string Typed(string? text) => text?.Trim() ?? "";

    /// <returns>Null when a field cannot be read.</returns>
    private static ListFilter? ReadFilter(ListSearch search)
    {
        var flight = search.FlightNumber.Length == 0 ? "" : Reading.FlightNumber(search.FlightNumber);
        var officer = search.Officer.Length == 0 ? "" : Reading.Officer(search.Officer);
        return flight is not null
            && officer is not null
            && Reading.Line(search.Text, LongestSearch) is { } text
            && Reading.TryDay(search.Day, out var day)
            ? new ListFilter(text, flight, officer, day, search.After)
            : null;
    }
}

/// <summary>One page of a list and the search that led to it.</summary>
public sealed record ListView<T>(ListSearch Search, Page<T>? Listing, bool Failed, bool Unreadable);

/// <summary>A list's search, as typed.</summary>
public sealed record ListSearch(string Text, string FlightNumber, string Day, string Officer, long? After)
{
    public bool IsEmpty => Text.Length + FlightNumber.Length + Day.Length + Officer.Length == 0;

    /// <summary>The address of the list after an item; null: from the start.</summary>
    public string Address(string path, long? after)
    {
        (string Name, string Value)[] fields =
        [
            (ListFields.Search, Text),
            (Fields.FlightNumber, FlightNumber),
            (ListFields.Day, Day),
            (Fields.Officer, Officer),
            (ListFields.After, after?.ToString(CultureInfo.InvariantCulture) ?? ""),
        ];
        return path + QueryString.Create(
            fields.Where(field => field.Value.Length > 0).Select(field => KeyValuePair.Create(field.Name, (string?)field.Value)));
    }
}

/// <summary>The names in a list's address, besides those of <see cref="Fields"/>.</summary>
public static class ListFields
{
    public const string Search = "search";
    public const string Day = "day";
    public const string After = "after";
}
