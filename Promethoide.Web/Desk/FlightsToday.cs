using Microsoft.Extensions.Caching.Memory;
using Promethoide.Web.RestApi;

namespace Promethoide.Web.Desk;

/// <summary>
/// The day's flights, for officers to choose from. Only a convenience: without a response there is nothing to choose, and officers type the
/// number.
/// </summary>
public sealed class FlightsToday(IMemoryCache cache, RestApiClient api)
{
    /// <summary>A longer list is no help, and would weigh more than the page.</summary>
    private const int MostListed = 400;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(1);

    public async Task<IReadOnlyList<Flight>> GetAsync()
    {
        var today = DeskWorkflow.Today;
        if (cache.TryGetValue((typeof(FlightsToday), today), out IReadOnlyList<Flight>? known))
        {
            return known!;
        }

        IReadOnlyList<Flight> flights;
        try
        {
            flights = await api.ListFlightsAsync(today, Patience) is { Count: <= MostListed } all ? all : [];
        }
        catch (RestApiUnavailableException)
        {
            flights = [];
        }

        return cache.Set((typeof(FlightsToday), today), flights, GoodFor);
    }
}
