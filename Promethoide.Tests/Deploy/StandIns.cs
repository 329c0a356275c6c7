using System.ComponentModel;
using System.Globalization;
using System.Text.RegularExpressions;
using Promethoide.Tests.Fixtures;

[assembly: AssemblyFixture(typeof(Promethoide.Tests.Deploy.StandIns))]

namespace Promethoide.Tests.Deploy;

/// <summary>Images that stand in for the official ones, built once from this machine's Debian packages and .NET runtime.</summary>
public sealed partial class StandIns : IAsyncDisposable
{
    public const string Prefix = "promethoide-standin";

    // The base image of Aspire's tunnel, through which containers reach this machine, and the image that Aspire builds on it.
    private const string TunnelBase = "mcr.microsoft.com/azurelinux/base/core:3.0";
    private const string Tunnel = "dcptun_developer_ms";

    private readonly Lazy<Task> _built = new(BuildAsync);
    private bool _tunnelIsOurs;

    /// <summary>Docker compose in whichever version is installed; skips the test where it or an engine is missing.</summary>
    internal async Task<string[]> ComposeAsync()
    {
        await SkipWithoutEngineAsync();
        string[]? compose = await WorksAsync("docker", "compose", "version")
            ? ["docker", "compose"]
            : await WorksAsync("docker-compose", "version") ? ["docker-compose"] : null;
        Assert.SkipWhen(compose is null, "There is neither docker compose nor docker-compose.");
        await _built.Value;
        return compose!;
    }

    /// <summary>
    /// Prepares the images for the AppHost's containers and the base image of Aspire's tunnel; skips the test where Aspire would not use
    /// the engine.
    /// </summary>
    internal async Task ForAspireAsync()
    {
        await SkipWithoutEngineAsync();
        Assert.SkipUnless(
            await AspireTakesDockerAsync(),
            "Aspire needs a docker client from version 25 on with BuildKit (buildx); ./test.sh --containers does with Debian's docker.io.");
        await _built.Value;
        if (!await WorksAsync("docker", "image", "inspect", TunnelBase))
        {
            _tunnelIsOurs = (await ImagesAsync(Tunnel)).Count == 0;
            await Tool.MustRunAsync("docker", ["tag", $"{Prefix}/dotnet", TunnelBase]);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_built.IsValueCreated)
        {
            // By ID, which removes all of their names.
            await Tool.RunAsync(
                "docker",
                ["image", "rm", "--force", .. await ImagesAsync($"{Prefix}/*"), .. _tunnelIsOurs ? await ImagesAsync(Tunnel) : []]);
        }
    }

    private static async Task SkipWithoutEngineAsync()
    {
        Assert.SkipUnless(await WorksAsync("docker", "info"), "No container engine answers (docker); ./test.sh --containers starts one.");
        Assert.SkipUnless(
            await WorksAsync("dpkg-query", "--version"), "The images are made from Debian's packages, and this is no Debian.");
    }

    private static async Task<bool> AspireTakesDockerAsync() =>
        MajorVersion().Match(await Tool.MustRunAsync("docker", ["--version"])) is { Success: true } version
        && int.Parse(version.Groups[1].Value, CultureInfo.InvariantCulture) >= 25
        && (await Tool.MustRunAsync("docker", ["build", "--help"])).Contains("--progress", StringComparison.Ordinal);

    private static async Task<IReadOnlyList<string>> ImagesAsync(string reference) =>
    [
        .. (await Tool.MustRunAsync("docker", ["images", "--quiet", "--filter", $"reference={reference}"]))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Distinct(),
    ];

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
                await Tool.MustRunAsync(
                    "dotnet",
                    [
                        "publish", Repository.Combine(project), "--configuration", configuration, "--no-build", "--nologo",
                        "--output", Path.Combine(published, project),
                    ]);
            }

            await Tool.MustRunAsync(Repository.Combine("eng", "standins", "build.sh"), [Prefix, published]);
        }
        finally
        {
            Directory.Delete(published, recursive: true);
        }
    }

    [GeneratedRegex(@"version (\d+)\.")]
    private static partial Regex MajorVersion();
}
