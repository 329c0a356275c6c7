using Microsoft.EntityFrameworkCore;
using Promethoide.Api.Data;

namespace Promethoide.Api.Immigration;

/// <summary>One page of a list, newest first.</summary>
/// <param name="Items">At most as many as requested.</param>
/// <param name="Next">The <c>after</c> value for the next page; null on the last page.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, long? Next)
{
    /// <summary>Makes a page from one item more than requested, which shows whether there is a next page.</summary>
    internal static Page<T> Of(List<T> items, int limit, Func<T, long> id) => items.Count <= limit
        ? new Page<T>(items, Next: null)
        : new Page<T>(items[..limit], id(items[limit - 1]));
}

internal static class Paging
{
    public static async Task<Page<T>> ToPageAsync<T>(this IQueryable<T> rows, ListFilter filter, CancellationToken cancellationToken)
        where T : class, IDecisionRow =>
        Page<T>.Of(await rows.Matching(filter).ToListAsync(cancellationToken), filter.Limit, row => row.Id);

    /// <summary>
    /// The rows of a page, plus one. Paged by key, not by offset: the thousandth page costs as much as the first, and new rows shift
    /// nothing.
    /// </summary>
    public static IQueryable<T> Matching<T>(this IQueryable<T> rows, ListFilter filter)
        where T : class, IDecisionRow
    {
        if (filter.Dni is { } dni)
        {
            rows = rows.Where(row => row.Dni == dni);
        }

        if (filter.FlightNumber is { } flight)
        {
            rows = rows.Where(row => row.FlightNumber == flight);
        }

        if (filter.Officer is { } officer)
        {
            rows = rows.Where(row => row.Officer == officer);
        }

        // All words have to match, in any order.
        var (part, number) = (filter.DocumentPart, filter.Number);
        foreach (var word in filter.Words)
        {
            rows = rows.Where(row => row.SearchName.Contains(PromethoideContext.SearchForm(word))
                || (part != null && row.Dni.Contains(part))
                || row.Id == number);
        }

        if (filter.From is { } from)
        {
            rows = rows.Where(row => row.CreatedAt >= from);
        }

        if (filter.Until is { } until)
        {
            rows = rows.Where(row => row.CreatedAt < until);
        }

        if (filter.After is { } after)
        {
            rows = rows.Where(row => row.Id < after);
        }

        return rows.OrderByDescending(row => row.Id).Take(filter.Limit + 1);
    }
}
