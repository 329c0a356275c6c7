using System.ComponentModel;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.AppHost;

/// <summary>Docker or Podman, where one answers.</summary>
internal sealed class ContainerEngine
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly string _program;

    private ContainerEngine(string program) => _program = program;

    /// <summary>The engine that Aspire will use; null when none answers.</summary>
    public static async Task<ContainerEngine?> FindAsync()
    {
        foreach (var program in Environment.GetEnvironmentVariable("ASPIRE_CONTAINER_RUNTIME") is { Length: > 0 } chosen ? [chosen] : (string[])["docker", "podman"])
        {
            try
            {
                if ((await Tool.RunAsync(program, ["info"])).ExitCode == 0)
                {
                    return new(program);
                }
            }
            catch (Win32Exception)
            {
                // Not installed: the next.
            }
        }

        return null;
    }

    /// <summary>True when the image is here, or comes when it is asked for.</summary>
    public async Task<bool> HasAsync(string image)
    {
        if ((await Tool.RunAsync(_program, ["image", "inspect", image])).ExitCode == 0)
        {
            return true;
        }

        var pull = Tool.RunAsync(_program, ["pull", "--quiet", image]);
        return await Task.WhenAny(pull, Task.Delay(Patience)) == pull && (await pull).ExitCode == 0;
    }
}
