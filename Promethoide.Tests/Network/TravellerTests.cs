using Microsoft.Playwright;
using Npgsql;
using Promethoide.Network;

namespace Promethoide.Tests.Network;

/// <summary>An officer at the desk, in a real browser, through Apache, on the running network.</summary>
public sealed class TravellerTests(RunningNetworkFixture fixture, Chromium chromium)
{
    [Fact]
    public async Task A_traveller_admitted_at_the_desk_is_in_PostgreSQL_and_in_the_metrics_that_Prometheus_sees()
    {
        var network = await fixture.Network;
        var dni = NewDocument();
        var before = await AdmittedAsync(network);
        var page = await chromium.NewPageAsync(network);

        await ApplyAsync(page, network, dni, money: "1200");

        await page.WaitForSelectorAsync("#decision[data-outcome=admitted]");
        var entry = int.Parse(
            (await page.GetAttributeAsync("#decision", "data-entry"))!, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(("Zoë O'Núñez", "Hotel Arts", 1200m, "AA123"), await EntryAsync(network, entry, dni));
        await Eventually.GetAsync(() => AdmittedAsync(network), admitted => admitted > before);
    }

    [Fact]
    public async Task A_wanted_person_is_stopped_at_the_first_step()
    {
        var network = await fixture.Network;
        var page = await chromium.NewPageAsync(network);

        await page.GotoAsync(network.Desk);
        await page.FillAsync("[name=dni]", "12345678a");
        await page.ClickAsync("#check-document");

        await page.WaitForSelectorAsync("#decision[data-outcome=wanted]");
        Assert.Equal(0, await page.Locator("[name=flight_number]").CountAsync());
    }

    [Fact]
    public async Task A_traveller_with_too_little_money_is_refused_and_listed_with_the_reason()
    {
        var network = await fixture.Network;
        var dni = NewDocument();
        var page = await chromium.NewPageAsync(network, "en-GB");

        await ApplyAsync(page, network, dni, money: "20");

        await page.WaitForSelectorAsync("#decision[data-outcome=refused]");
        await page.GotoAsync($"{network.Desk}/refusals");
        Assert.Equal(1, await page.Locator("tr", new() { HasText = dni }).Locator("[data-reason=insufficient-money]").CountAsync());
        await page.GotoAsync($"{network.Desk}/entries?search=alonso+fernando");
        Assert.Equal(1, await page.Locator("tr", new() { HasText = "Fernando Alonso" }).CountAsync());
        await page.GotoAsync($"{network.Desk}/entries");
        Assert.Equal(0, await page.Locator("tr", new() { HasText = dni }).CountAsync());
    }

    [Fact]
    public async Task The_API_answers_through_Apache_under_its_prefix()
    {
        var network = await fixture.Network;
        using var client = await network.Officers.ClientAsync(Officers.Ordinary);

        Assert.Contains(
            "American Airlines",
            await client.GetStringAsync($"{network.Desk}/api/flights/AA123", TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        Assert.Equal(
            200, (int)(await client.GetAsync($"{network.Desk}/delay?seconds=0", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Theory]
    [InlineData("/server-status")]
    [InlineData("/metrics")]
    [InlineData("/health")]
    [InlineData("/api/metrics")]
    [InlineData("/api/health")]
    public async Task What_operates_the_network_is_not_served_to_the_public(string path)
    {
        var network = await fixture.Network;
        // A client that has not signed in would be redirected to the sign-in page.
        using var client = await network.Officers.ClientAsync(Officers.Supervisor);

        Assert.Equal(404, (int)(await client.GetAsync(network.Desk + path, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Theory]
    [InlineData("rest-api", "/dni/12345678A")]
    [InlineData("web", "/")]
    public async Task The_ops_ports_serve_nothing_of_what_the_services_do(string service, string path)
    {
        var network = await fixture.Network;
        using var client = new HttpClient();
        var metrics = (await Eventually.GetAsync(() => network.ScrapeUrlAsync(service), url => url is not null))!;

        Assert.Equal(200, (int)(await client.GetAsync(metrics, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(404, (int)(await client.GetAsync(new Uri(metrics, path), TestContext.Current.CancellationToken)).StatusCode);
    }

    private static string NewDocument() => $"T{Random.Shared.NextInt64(10_000_000_000):D10}";

    private static async Task ApplyAsync(IPage page, NetworkUnderTest network, string dni, string money)
    {
        await page.GotoAsync(network.Desk);
        await page.FillAsync("[name=dni]", dni);
        await page.ClickAsync("#check-document");
        await page.FillAsync("[name=flight_number]", "AA123");
        await page.ClickAsync("#check-flight");
        await page.FillAsync("[name=name]", "Zoë O'Núñez");
        await page.FillAsync("[name=lodging]", "Hotel Arts");
        await page.FillAsync("[name=declared_money]", money);
        await page.ClickAsync("#decide");
    }

    private static async Task<double> AdmittedAsync(NetworkUnderTest network) =>
        (await network.QueryAsync("sum(promethoide_decisions_total{outcome=\"admitted\"})")).Sum(sample => sample.Value);

    private static async Task<(string Name, string Lodging, decimal Money, string Flight)> EntryAsync(
        NetworkUnderTest network, int id, string dni)
    {
        await using var database = network.Database();
        await database.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(
            "SELECT name, lodging, declared_money, flight_number FROM immigration WHERE id = $1 AND dni = $2", database)
        {
            Parameters = { new() { Value = id }, new() { Value = dni } },
        };
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        Assert.True(await reader.ReadAsync(TestContext.Current.CancellationToken), $"No entry {id} of {dni}.");
        return (reader.GetString(0), reader.GetString(1), reader.GetDecimal(2), reader.GetString(3));
    }
}
