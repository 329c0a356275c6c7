namespace Promethoide.Monitoring.Checks;
internal sealed class ProvisioningCheck { public List<Finding> Findings { get; } = []; public int Files { get; } public static ProvisioningCheck Of(string folder) => new(); }
