using System.Diagnostics.Metrics;

namespace Promethoide.Api.Metrics;

/// <summary>How often officers sign in, and how often somebody fails to; never who.</summary>
internal sealed class SignInMetrics
{
    private readonly Counter<long> _signIns;
    private readonly Counter<long> _lockOuts;

    public SignInMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MetricsSetup.Meter);
        _signIns = meter.CreateCounter<long>("promethoide_sign_ins_total", description: "Attempts to sign in, by result");
        _lockOuts = meter.CreateCounter<long>(
            "promethoide_lock_outs_total", description: "Officers locked out after too many wrong passwords");
    }

    /// <summary>Shows every label value with 0, so that the first event counts as an increase.</summary>
    public void Announce()
    {
        Count(0, "succeeded");
        Count(0, "failed");
        Count(0, "limited");
        _lockOuts.Add(0);
    }

    public void Succeeded() => Count(1, "succeeded");

    /// <summary>Wrong name or password, a link that is used up, an officer who is locked.</summary>
    public void Failed() => Count(1, "failed");

    /// <summary>Too many attempts: it was not looked at.</summary>
    public void Limited() => Count(1, "limited");

    public void LockedOut() => _lockOuts.Add(1);

    private void Count(long times, string result) => _signIns.Add(times, new KeyValuePair<string, object?>("result", result));
}
