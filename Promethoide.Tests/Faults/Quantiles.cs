namespace Promethoide.Tests.Faults;

internal static class Quantiles
{
    /// <summary>The time within which the given share of requests was answered; zero if there are none.</summary>
    /// <param name="times">In any order; sorted in place.</param>
    /// <param name="quantile">The share, from 0 to 1.</param>
    public static TimeSpan Of(List<TimeSpan> times, double quantile)
    {
        times.Sort();
        return times.Count == 0 ? TimeSpan.Zero : times[(int)Math.Min(times.Count - 1, Math.Floor(times.Count * quantile))];
    }
}
