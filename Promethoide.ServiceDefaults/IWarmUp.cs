namespace Promethoide.ServiceDefaults;

/// <summary>
/// Knows when a service that was just started is as quick as its neighbours. Until then those who send it requests turn to the others.
/// </summary>
public interface IWarmUp
{
    /// <summary>True from then on.</summary>
    bool IsWarm { get; }
}
