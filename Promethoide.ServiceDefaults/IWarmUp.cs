namespace Promethoide.ServiceDefaults;

/// <summary>Knows when a newly started service is as fast as the other replicas. Until then load balancers prefer the others.</summary>
public interface IWarmUp
{
    /// <summary>True once it is warm.</summary>
    bool IsWarm { get; }
}
