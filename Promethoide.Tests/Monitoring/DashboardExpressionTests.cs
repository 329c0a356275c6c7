using System.Text.Json;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Monitoring;

/// <summary>Checks the dashboards' queries with Prometheus' own parser.</summary>
public sealed class DashboardExpressionTests
{
    public static TheoryData<string> Dashboards => [.. DashboardFiles.WithQueries.Select(dashboard => dashboard.Name)];

    // promtool only parses rule files; JSON is valid YAML.
    [Theory]
    [MemberData(nameof(Dashboards))]
    public async Task Prometheus_can_read_every_query(string name)
    {
        var rules = DashboardFiles.Read(name).Queries.SelectMany(panel => panel.Queries)
            .Select(query => new { record = $"panel_{query.Panel.Id}_{query.Reference}", expr = query.Expression })
            .Append(new
            {
                record = "annotation",
                expr = DashboardFiles.Read(name).Json.GetProperty("annotations").GetProperty("list")[0].GetProperty("expr").GetString()!
            });
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(
                file, JsonSerializer.Serialize(new { groups = new[] { new { name, rules } } }), TestContext.Current.CancellationToken);

            var result = await Tool.RunAsync("promtool", ["check", "rules", file]);

            Assert.True(result.ExitCode == 0, result.Output + result.Error);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
