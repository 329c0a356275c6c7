using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using NJsonSchema;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Monitoring;

/// <summary>
/// Checks the dashboards against the schema of the Grafana version in use: Grafana silently ignores unknown keys, wrong types and
/// unknown units.
/// </summary>
public sealed partial class DashboardSchemaTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "eng", "dashboard-schema");

    private static readonly string Schema = File.ReadAllText(Path.Combine(Folder, "dashboard.schema.json"));

    public static TheoryData<string> Dashboards => [.. DashboardFiles.Names];

    [Theory]
    [MemberData(nameof(Dashboards))]
    public async Task Grafana_knows_every_key_and_unit_of_a_dashboard(string name)
    {
        var schema = await JsonSchema.FromJsonAsync(Schema, TestContext.Current.CancellationToken);

        var errors = schema.Validate(DashboardFiles.Text(name));

        Assert.True(
            errors.Count == 0,
            string.Join("\n", errors.SelectMany(Flat).Select(error => $"line {error.LineNumber}: {error.Path} {error.Kind}")));
    }

    [Theory]
    [InlineData("\"unit\": \"percentunit\"", "\"unit\": \"percentunits\"")]
    [InlineData("\"graphMode\": \"none\"", "\"graphmode\": \"none\"")]
    [InlineData("\"editable\": false", "\"editable\": \"no\"")]
    [InlineData("\"showLegend\": true", "\"showLegend\": 1")]
    [InlineData("\"legendFormat\"", "\"legend\"")]
    public async Task A_mistake_in_a_dashboard_is_found(string right, string wrong)
    {
        var schema = await JsonSchema.FromJsonAsync(Schema, TestContext.Current.CancellationToken);
        var text = DashboardFiles.Text("overview");
        Assert.Contains(right, text, StringComparison.Ordinal);

        Assert.NotEmpty(schema.Validate(text.Replace(right, wrong, StringComparison.Ordinal)));
    }

    [Fact]
    public void The_schema_was_generated_from_what_is_beside_it()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in (string[])["package.json", "panels.ts", "generate.mjs"])
        {
            hash.AppendData(File.ReadAllBytes(Path.Combine(Folder, file)));
        }

        Assert.True(
            Schema.Contains($"Made of {Convert.ToHexStringLower(hash.GetHashAndReset())}", StringComparison.Ordinal),
            "eng/dashboard-schema/dashboard.schema.json is older than what makes it: run eng/dashboard-schema/generate.sh");
    }

    [Fact]
    public void The_schema_is_of_the_Grafana_that_runs()
    {
        var packages = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "package.json"))).RootElement;
        var images = File.ReadAllText(Path.Combine(Repository.Root, "Promethoide.AppHost", "ContainerImages.cs"));

        Assert.Equal(
            GrafanaImage().Match(images).Groups[1].Value, packages.GetProperty("dependencies").GetProperty("@grafana/schema").GetString());
    }

    // An error in one of several alternatives has nested errors.
    private static IEnumerable<NJsonSchema.Validation.ValidationError> Flat(NJsonSchema.Validation.ValidationError error) =>
        error is NJsonSchema.Validation.ChildSchemaValidationError { Errors: var errors }
            ? errors.Values.SelectMany(inner => inner).SelectMany(Flat).Prepend(error)
            : [error];

    [GeneratedRegex(@"""grafana/grafana"", ""([^""]+)""")]
    private static partial Regex GrafanaImage();
}
