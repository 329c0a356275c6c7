namespace Promethoide.AppHost;

/// <summary>The synthetic officer.</summary>
public static class SmokeBuilderExtensions
{
    /// <summary>Makes him do an officer's work through this front, every minute and on command.</summary>
    /// <param name="smoke">Promethoide.Smoke.</param>
    /// <param name="apache">The front.</param>
    public static IResourceBuilder<ProjectResource> WalksThrough(
        this IResourceBuilder<ProjectResource> smoke, IResourceBuilder<IApacheResource> apache) =>
        smoke
            .WithEnvironment("Smoke__Target", apache.GetEndpoint("http"))
            .WithReferenceRelationship(apache)
            .WithIconName("PersonWalking")
            .WithHttpCommand("/run", "Run the smoke test", OpsEndpoint.Name, "run", new()
            {
                Description = "Walks once, now: desk, look-up, flight and an entry that is taken back.",
                IconName = "PersonWalking",
                IsHighlighted = true,
                ResultMode = HttpCommandResultMode.Json,
            });
}
