using Promethoide.Network;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.AppHost;

/// <summary>Names and passwords with everything that breaks careless quoting.</summary>
public sealed class UnusualNamesTests
{
    // The name of an extension owner may not contain quotes; what postgres-exporter gets may not contain spaces.
    private const string User = "o Brien é 100%41?a=b&c;d#e";
    private const string Name = """o'Brien's"é"100%41?a=b&c$HOME\n;d#e""";
    private const string Password = """p w'q"r?s%41t$HOME\n;Password=é{0}#u`v!""";

    [Fact]
    public async Task They_work_in_every_part_and_no_log_shows_them()
    {
        await using var network = await RunningNetwork.StartAsync(
            builder => builder.StartOnly("postgres", "migrations", "rest-api", "postgres-exporter"),
            $"--POSTGRES_USER={User}", $"--POSTGRES_DB={Name}", $"--POSTGRES_PASSWORD={Password}o",
            $"--PROMETHOIDE_API_PASSWORD={Password}a", $"--PROMETHOIDE_MONITOR_PASSWORD={Password.Replace(" ", "")}m");

        using var client = new HttpClient();
        Assert.Contains(
            "\npg_up 1\n",
            await client.GetStringAsync($"{network.Url("postgres-exporter")}/metrics", TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        Assert.Contains(
            "Flight found",
            await client.GetStringAsync($"{network.Url("rest-api")}/flights/AA123", TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        Assert.Equal($"{User}|{Name}", (await Tool.MustRunAsync("psql", ["-XAtc", "SELECT current_user, current_database()"],
            [new("PGSERVICEFILE", Path.Combine(network.Data, "pg_service.conf")), new("PGSERVICE", "promethoide")])).Trim());

        var logs = await Task.WhenAll(((string[])["postgres", "migrations", "rest-api", "postgres-exporter"]).Select(network.LogAsync));
        Assert.All(logs, log => Assert.DoesNotContain("w'q", log, StringComparison.Ordinal));
    }
}
