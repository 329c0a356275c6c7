using System.Net;
using System.Net.Http.Json;
using Npgsql;
using Promethoide.Network;
using Promethoide.Tests.Network;
using Xunit.v3;

namespace Promethoide.Tests.AppHost;

/// <summary>
/// The whole network in containers, as the AppHost starts it; the last test stops it. Each test depends on the previous one.
/// </summary>
[TestMethodOrderer(typeof(UnorderedTestMethodOrderer))]
[Collection("Containers")]
public sealed class ContainersTests(ContainerNetwork fixture) : IClassFixture<ContainerNetwork>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_becomes_healthy_every_target_is_up_and_every_probe_succeeds()
    {
        var network = await fixture.RunningAsync();

        var targets = await Eventually.GetAsync(
            network.TargetsAsync,
            targets => targets.Count > 0 && targets.All(target => target.Health == "up" || target.Job == ContainerNetwork.LeftOut),
            targets => string.Join("\n", targets.Where(target => target.Health != "up")));
        Assert.Equal(
            [
                "apache-exporter", "apache-log-exporter", "blackbox-exporter", "node-exporter", "postgres-exporter", "prometheus",
                "pushgateway", "rest-api", "smoke", "web",
            ],
            targets.Where(target => target.Health == "up").Select(target => target.Job).Distinct().Order());
        await Eventually.GetAsync(
            () => network.QueryAsync("probe_success"),
            probes => probes.Count == 4 && probes.All(probe => probe.Value == 1),
            probes => string.Join("\n", probes.Select(probe => $"{probe.Labels["instance"]} {probe.Value}")));
        await Eventually.GetAsync(
            () => network.QueryAsync("pg_up + on() apache_up"), both => both is [{ Value: 2 }], both => string.Join("\n", both));
        Assert.All(await network.RulesAsync(), rule => Assert.Contains(rule.Health, (string[])["ok", "unknown"]));
    }

    [Fact]
    public async Task A_traveller_gets_through_Apache_and_a_wanted_person_does_not()
    {
        var network = await fixture.RunningAsync();
        using var desk = await network.Officers.ClientAsync(Officers.Ordinary);

        Assert.Contains(
            "id=\"check-document\"", await desk.GetStringAsync(new Uri("/", UriKind.Relative), Cancellation), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await LookUpAsync(desk));
        Assert.Equal(HttpStatusCode.Forbidden, await DecideAsync(desk, "12345678A"));
        Assert.Equal(HttpStatusCode.Created, await DecideAsync(desk, "99887766Z"));

        await using var database = network.Database();
        await database.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand("SELECT count(*) FROM immigration WHERE dni = '99887766Z'", database);
        Assert.Equal(1L, await command.ExecuteScalarAsync(Cancellation));
    }

    [Fact]
    public async Task The_commands_work()
    {
        var network = await fixture.RunningAsync();
        using var desk = await network.Officers.ClientAsync(Officers.Ordinary);

        await network.ExecuteAsync("prometheus", "reload");
        await network.ExecuteAsync("smoke", "run");

        await network.ExecuteAsync("rest-api", "drill-errors");
        Assert.Equal(HttpStatusCode.InternalServerError, await LookUpAsync(desk));
        Assert.False((await network.TryExecuteAsync("smoke", "run")).Success);

        await network.ExecuteAsync("rest-api", "drill-slow");
        Assert.Equal(HttpStatusCode.OK, await LookUpAsync(desk));

        await network.ExecuteAsync("rest-api", "drill-mend");
        Assert.Equal(HttpStatusCode.OK, await LookUpAsync(desk));
        await network.ExecuteAsync("smoke", "run");
    }

    [Fact]
    public async Task A_stop_is_alarmed_and_the_start_ends_it()
    {
        var network = await fixture.RunningAsync();

        await network.StopAsync("rest-api");
        await Eventually.GetAsync(network.AlertsAsync, alerts => alerts.Any(IsOfTheApi), alerts => string.Join("\n", alerts));

        await network.StartAsync("rest-api");
        await Eventually.GetAsync(network.AlertsAsync, alerts => !alerts.Any(IsOfTheApi), alerts => string.Join("\n", alerts));

        static bool IsOfTheApi((string Name, string State, IReadOnlyDictionary<string, string> Labels) alert) =>
            alert.Name == "ServiceDown" && alert.Labels["instance"] == "rest-api";
    }

    [Fact]
    public async Task A_stop_leaves_nothing_in_the_engine()
    {
        await fixture.RunningAsync();
        Assert.Contains(await fixture.OwnInEngineAsync(), made => made.StartsWith("network ", StringComparison.Ordinal));

        await fixture.DisposeAsync();

        await Eventually.GetAsync(fixture.OwnInEngineAsync, left => left.Count == 0, left => string.Join("\n", left));
    }

    private static async Task<HttpStatusCode> LookUpAsync(HttpClient desk)
    {
        using var answer = await desk.GetAsync(new Uri("/api/dni/12345678A", UriKind.Relative), Cancellation);
        return answer.StatusCode;
    }

    private static async Task<HttpStatusCode> DecideAsync(HttpClient desk, string dni)
    {
        using var answer = await desk.PostAsJsonAsync(
            "/api/immigration",
            new { name = "Ada Lovelace", dni, lodging = "Hotel Arts", declared_money = 900, flight_number = "AA123" },
            Cancellation);
        return answer.StatusCode;
    }
}
