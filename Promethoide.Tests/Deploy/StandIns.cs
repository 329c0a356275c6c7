using System.ComponentModel;
using Promethoide.Tests.Fixtures;

[assembly: AssemblyFixture(typeof(Promethoide.Tests.Deploy.StandIns))]

namespace Promethoide.Tests.Deploy;

/// <summary>Images that stand in for the official ones, made once from the Debian packages and the .NET runtime of this machine.</summary>
public sealed class StandIns : IAsyncDisposable
{
    public const string Prefix = "promethoide-standin";

    private readonly Lazy<Task> _built = new(BuildAsync);

    /// <summary>Docker compose, of whichever generation is there; skips the test where it or an engine is missing.</summary>
    internal async Task<string[]> ComposeAsync()
    {
        Assert.SkipUnless(await WorksAsync("docker", "info"), "No container engine answers (docker); ./test.sh --containers starts one.");
        Assert.SkipUnless(await WorksAsync("dpkg-query", "--version"), "The images are made from Debian's packages, and this is no Debian.");
        string[]? compose = await WorksAsync("docker", "compose", "version") ? ["docker", "compose"] : await WorksAsync("docker-compose", "version") ? ["docker-compose"] : null;
        Assert.SkipWhen(compose is null, "There is neither docker compose nor docker-compose.");
        await _built.Value;
        return compose!;
    }

    public async ValueTask DisposeAsync()
    {
        if (_built.IsValueCreated)
        {
            var images = await Tool.MustRunAsync("docker", ["images", "--quiet", "--filter", $"reference={Prefix}/*"]);
            await Tool.RunAsync("docker", ["image", "rm", "--force", .. images.Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct()]);
        }
    }

    private static async Task<bool> WorksAsync(string program, params string[] arguments)
    {
        try
        {
            return (await Tool.RunAsync(program, arguments)).ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private static async Task BuildAsync()
    {
        var published = Directory.CreateTempSubdirectory("promethoide-published-").FullName;
        try
        {
            foreach (var project in (string[])["Promethoide.Api", "Promethoide.Web", "Promethoide.Smoke"])
            {
                var configuration = Path.GetFileName(Path.GetDirectoryName(Repository.Assembly(project))!);
                await Tool.MustRunAsync("dotnet", ["publish", Repository.Combine(project), "--configuration", configuration, "--no-build", "--nologo", "--output", Path.Combine(published, project)]);
            }

            await Tool.MustRunAsync(Repository.Combine("eng", "standins", "build.sh"), [Prefix, published]);
        }
        finally
        {
            Directory.Delete(published, recursive: true);
        }
    }
}
