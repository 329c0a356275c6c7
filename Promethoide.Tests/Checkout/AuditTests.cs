using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Checkout;

/// <summary>
/// eng/audit.sh against a package source that reports vulnerabilities as NuGet and npm do, on its own project and lock file.
/// </summary>
public sealed class AuditTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("promethoide-audit-").FullName;
    private readonly WebApplication _source = Source();

    // What the source reports; null: nothing, like a mirror that serves packages only.
    private (string NuGet, string Npm)? _known = ("{}", "{}");

    public async ValueTask InitializeAsync()
    {
        _source.MapGet("/index.json", () => Json(_known is null
            ? """{"version": "3.0.0", "resources": []}"""
            : $$"""
                {"version": "3.0.0", "resources": [{"@id": "{{_source.Urls.First()}}/pages.json", "@type": "VulnerabilityInfo/6.7.0"}]}
                """));
        _source.MapGet("/pages.json", () => Json($$"""
            [{"@name": "all", "@id": "{{_source.Urls.First()}}/{{Guid.NewGuid()}}/all.json", "@updated": "2026-11-01T00:00:00Z"}]
            """));
        _source.MapGet("/{page}/all.json", () => Json(_known!.Value.NuGet));
        _source.MapPost("/-/npm/v1/security/advisories/bulk", () => _known is null ? Results.StatusCode(405) : Json(_known.Value.Npm));
        await _source.StartAsync();

        File.Copy(Repository.Combine("Directory.Build.props"), Path.Combine(_folder, "Directory.Build.props"));
        Write("Audited.csproj", """
            <Project Sdk="Microsoft.NET.Sdk"><ItemGroup><PackageReference Include="YamlDotNet" Version="18.1.0" /></ItemGroup></Project>
            """);
        Write("NuGet.config", Regex.Replace(
            File.ReadAllText(Repository.Combine("NuGet.config")),
            "value=\"[^\"]+\"",
            $"value=\"{_source.Urls.First()}/index.json\" allowInsecureConnections=\"true\""));
        Write("eng/audited/package.json", """{"dependencies": {"typescript": "5.9.3"}}""");
        Write("eng/audited/package-lock.json", """
            {
              "lockfileVersion": 3,
              "packages": {"": {"dependencies": {"typescript": "5.9.3"}}, "node_modules/typescript": {"version": "5.9.3"}}
            }
            """);
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_known_vulnerability_fails_with_package_version_severity_and_advisory()
    {
        _known = (
            """{"yamldotnet": [{"severity": 2, "url": "https://advisories.example/1", "versions": "(, 18.2.0)"}]}""",
            """
            {"typescript": [{
              "id": 1, "url": "https://advisories.example/2", "title": "t", "severity": "critical", "vulnerable_versions": "<6", "cwe": [],
              "cvss": {"score": 9, "vectorString": null}
            }]}
            """);

        await SaysAsync(
            1,
            "Package 'YamlDotNet' 18.1.0 has a known high severity vulnerability, https://advisories.example/1",
            "Package typescript 5.9.3 has a known critical severity vulnerability, https://advisories.example/2",
            "Take versions without them, in Directory.Packages.props or package.json.");
    }

    [Fact]
    public async Task Where_nothing_is_known_it_says_so()
    {
        _known = ("""{"yamldotnet": [{"severity": 2, "url": "https://advisories.example/1", "versions": "(, 18.1.0)"}]}""", "{}");

        await SaysAsync(0, "No package is known to be vulnerable.");
    }

    [Fact]
    public async Task A_source_without_such_data_is_named_in_one_line_and_stops_nothing()
    {
        _known = null;

        await SaysAsync(
            0,
            "Not checked for known vulnerabilities, since the source of that data does not respond: packages from NuGet, from npm in "
            + "eng/audited.");
    }

    [Fact]
    public async Task A_source_that_is_away_is_named_too()
    {
        await _source.StopAsync(TestContext.Current.CancellationToken);

        await SaysAsync(
            0,
            "Not checked for known vulnerabilities, since the source of that data does not respond: packages from NuGet, from npm in "
            + "eng/audited.");
    }

    [Fact]
    public async Task A_build_warns_of_a_known_vulnerability_and_goes_on()
    {
        _known = ("""{"yamldotnet": [{"severity": 3, "url": "https://advisories.example/1", "versions": "(, 18.2.0)"}]}""", "{}");

        var build = await Tool.MustRunAsync("dotnet", ["restore", _folder, "--verbosity", "quiet"], English);

        Assert.Contains(
            "warning NU1904: Package 'YamlDotNet' 18.1.0 has a known critical severity vulnerability, https://advisories.example/1",
            build,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_build_is_silent_where_nobody_can_be_asked()
    {
        _known = null;

        Assert.Empty(await Tool.MustRunAsync("dotnet", ["restore", _folder, "--verbosity", "quiet"], English));
    }

    private static KeyValuePair<string, string?>[] English => [new("DOTNET_CLI_UI_LANGUAGE", "en")];

    private async Task SaysAsync(int exitCode, params string[] lines)
    {
        // By default, npm retries for a minute when nothing answers.
        var result = await Tool.RunAsync(
            Repository.Combine("eng", "audit.sh"),
            [_folder],
            [new("npm_config_registry", _source.Urls.First()), new("npm_config_fetch_retries", "0")]);

        Assert.Equal(lines, result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(exitCode, result.ExitCode);
    }

    private static WebApplication Source()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        return builder.Build();
    }

    private static IResult Json(string json) => Results.Text(json, "application/json");

    private void Write(string file, string text)
    {
        var path = Path.Combine(_folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
