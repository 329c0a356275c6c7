using Microsoft.Extensions.DependencyInjection;

namespace Promethoide.AppHost;

/// <summary>The choice between containers and processes, made once for the whole network.</summary>
internal static class NetworkForm
{
    public const string Containers = "containers";
    public const string Processes = "processes";

    /// <summary>
    /// Applies <c>--run</c>; without it, chooses containers if an engine that Aspire can use responds, otherwise processes. Says what it
    /// chose and why.
    /// </summary>
    /// <exception cref="DistributedApplicationException">Neither is possible here.</exception>
    public static void ChooseForm(this IDistributedApplicationBuilder builder, string? given)
    {
        var (form, why) = given is not null
            ? (given, "as --run says")
            : ContainerEngine.Find() is { } engine
                ? (Containers, $"{engine} answers")
                : (Processes, ContainerEngine.WhyNone());

        if (form == Processes && !OperatingSystem.IsLinux())
        {
            throw new DistributedApplicationException(
                "Processes run on Linux only; on this system the network needs a container engine. Start Docker or Podman, and try again.");
        }

        builder.Services.AddSingleton(new Choice(form == Containers));
        builder.Say($"Running the network as {form}: {why}.");
    }

    /// <summary>True when the parts of the network are containers, false when they are processes.</summary>
    public static bool RunsContainers(this IDistributedApplicationBuilder builder) => builder.Registered<Choice>()!.Containers;

    private sealed record Choice(bool Containers);
}
