using System.Diagnostics.Metrics;
using Promethoide.Api.Immigration;

namespace Promethoide.Api.Metrics;

/// <summary>Metrics of the decisions. Smoke requests are not counted.</summary>
internal sealed class DomainMetrics
{
    private readonly Counter<long> _interpolMatches;
    private readonly Counter<long> _decisions;
    private readonly Counter<long> _travellers;

    public DomainMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MetricsSetup.Meter);
        _interpolMatches = meter.CreateCounter<long>(
            "promethoide_interpol_matches_total", description: "Wanted persons who were recognised");
        _decisions = meter.CreateCounter<long>(
            "promethoide_decisions_total", description: "Decisions about travellers, by outcome and reason");
        _travellers = meter.CreateCounter<long>(
            "promethoide_travellers_total", description: "Travellers about whom something was decided, each once for a flight");
    }

    /// <summary>Reports every label value with 0, so that the first event counts as an increase.</summary>
    public void Announce()
    {
        _interpolMatches.Add(0);
        _travellers.Add(0);
        Decided(0, "admitted", "none");
        foreach (var reason in RefusalReasons.All)
        {
            Decided(0, "refused", reason);
        }
    }

    public void InterpolMatch() => _interpolMatches.Add(1);

    /// <summary>
    /// Counts a traveller at the first decision on this flight: one who is refused and then admitted is one traveller and two decisions.
    /// </summary>
    public void Traveller() => _travellers.Add(1);

    public void Admitted() => Decided(1, "admitted", "none");

    /// <param name="reason">One of <see cref="RefusalReasons.All"/>.</param>
    public void Refused(string reason) => Decided(1, "refused", reason);

    private void Decided(long times, string outcome, string reason) =>
        _decisions.Add(times, new KeyValuePair<string, object?>("outcome", outcome), new KeyValuePair<string, object?>("reason", reason));
}
