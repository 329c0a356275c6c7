using System.Text.Json;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Monitoring;

/// <summary>A trend over a few minutes means nothing: panels that extrapolate wait for enough history.</summary>
public sealed class DashboardHistoryTests
{
    private const string Disk = """{instance="node-exporter", device="/dev/vda1", fstype="ext4", mountpoint="/"}""";

    // Scraped every 15 s, with 1 MB of 5760 MB used up each time: full in a day.
    [Fact]
    public Task Days_until_full_are_shown_after_an_hour_and_not_before() => RunAsync(
        ("node", 7, "A"),
        [
            ($"node_filesystem_avail_bytes{Disk}", "5760e6-1e6x500"),
            ($"instance_device_mountpoint:node_filesystem_avail:ratio{Disk}", "0.5x500"),
        ],
        """{instance="node-exporter", mountpoint="/"}""",
        atTwoHours: (5760 - 480) / 5760d);

    [Fact]
    public Task The_growth_of_the_databases_is_shown_after_an_hour_and_not_before() => RunAsync(
        ("postgres", 17, "B"),
        [("""pg_database_size_bytes{instance="postgres-exporter", datname="promethoide"}""", "1000+10x500")],
        "{}",
        atTwoHours: 10 * 5760);

    private static async Task RunAsync(
        (string Dashboard, int Panel, string Query) asked,
        IEnumerable<(string Series, string Values)> series,
        string labels,
        double atTwoHours)
    {
        var query = DashboardFiles.Read(asked.Dashboard).Queries.Single(panel => panel.Id == asked.Panel).Queries
            .Single(query => query.Reference == asked.Query);
        var folder = Directory.CreateTempSubdirectory("promethoide-history-").FullName;
        try
        {
            // JSON is valid YAML.
            await WriteAsync("rules.yml", new { groups = Array.Empty<object>() });
            await WriteAsync("test.yml", new
            {
                rule_files = (string[])["rules.yml"],
                evaluation_interval = "15s",
                tests = new[]
                {
                    new
                    {
                        interval = "15s",
                        input_series = series.Select(one => new { series = one.Series, values = one.Values }),
                        promql_expr_test = new object[]
                        {
                            new { expr = query.Expression, eval_time = "30m", exp_samples = Array.Empty<object>() },
                            new
                            {
                                expr = $"round({query.Expression}, 0.0001)",
                                eval_time = "2h",
                                exp_samples = new[] { new { labels, value = Math.Round(atTwoHours, 4) } }
                            },
                        },
                    },
                },
            });

            await Tool.MustRunAsync("promtool", ["test", "rules", Path.Combine(folder, "test.yml")]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        Task WriteAsync(string file, object content) =>
            File.WriteAllTextAsync(Path.Combine(folder, file), JsonSerializer.Serialize(content), TestContext.Current.CancellationToken);
    }
}
