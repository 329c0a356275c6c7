using System.Diagnostics.Metrics;

namespace Promethoide.Api.Metrics;

/// <summary>Counts successful and failed sign-ins, never by officer.</summary>
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

    /// <summary>Reports every label value with 0, so that the first event counts as an increase.</summary>
    public void Announce()
    {
        Count(0, "succeeded");
        Count(0, "failed");
        Count(0, "limited");
        _lockOuts.Add(0);
    }

    public void Succeeded() => Count(1, "succeeded");

    /// <summary>Wrong name or password, a used link, or a locked officer.</summary>
    public void Failed() => Count(1, "failed");

    /// <summary>Too many attempts: the credentials were not checked.</summary>
    public void Limited() => Count(1, "limited");

    public void LockedOut() => _lockOuts.Add(1);

    private void Count(long times, string result) => _signIns.Add(times, new KeyValuePair<string, object?>("result", result));
}
