using Npgsql;
using Promethoide.Network;

namespace Promethoide.Tests.Network;

/// <summary>What a supervisor does at the desk, in a real browser, on the running network.</summary>
public sealed class SupervisorTests(RunningNetworkFixture fixture, Chromium chromium)
{
    [Fact]
    public async Task A_look_up_of_a_wanted_person_is_listed_with_who_looked_even_when_the_person_is_off_the_list()
    {
        var network = await fixture.Network;
        var dni = $"W{Random.Shared.NextInt64(10_000_000_000):D10}";
        await ExecuteAsync(network, $"INSERT INTO interpol (name, dni) VALUES ('Off The List', '{dni}')");
        var officer = await chromium.NewPageAsync(network, role: Officers.Ordinary);
        await officer.GotoAsync(network.Desk);
        await officer.FillAsync("[name=dni]", dni);
        await officer.ClickAsync("#check-document");
        await officer.WaitForSelectorAsync("#decision[data-outcome=wanted]");
        var supervisor = await chromium.NewPageAsync(network);

        await supervisor.GotoAsync($"{network.Desk}/hits");
        var row = supervisor.Locator("tr", new() { HasText = dni });
        Assert.Contains("Off The List", await row.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains((await network.Officers.OfAsync(Officers.Ordinary)).UserName, await row.InnerTextAsync(), StringComparison.Ordinal);

        await ExecuteAsync(network, $"DELETE FROM interpol WHERE dni = '{dni}'");
        await supervisor.ReloadAsync();
        Assert.DoesNotContain("Off The List", await row.InnerTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_officer_who_is_added_changes_the_password_works_and_is_out_when_removed()
    {
        var network = await fixture.Network;
        var name = $"new.{Random.Shared.Next(1_000_000_000)}";
        var supervisor = await chromium.NewPageAsync(network, "en-GB");
        await supervisor.GotoAsync($"{network.Desk}/officers");
        await supervisor.FillAsync("#user_name", name);
        await supervisor.ClickAsync("#add");
        var password = await supervisor.InnerTextAsync("#issued-password");

        var officer = await chromium.NewPageAsync("en-GB");
        await officer.GotoAsync($"{network.Desk}/entries");
        await officer.FillAsync("#user_name", name);
        await officer.FillAsync("#password", password);
        await officer.ClickAsync("#sign-in");
        await officer.FillAsync("#current_password", password);
        await officer.FillAsync("#new_password", "a good long phrase of mine");
        await officer.ClickAsync("#change-password");
        await officer.WaitForSelectorAsync("#check-document, #notice, [id$=-error], #decision, .message");
        Assert.True(await officer.Locator("#check-document").CountAsync() == 1, $"{officer.Url}: {await officer.InnerTextAsync("main")}");
        Assert.Equal(0, await officer.Locator("nav a[href='/refusals']").CountAsync());
        await officer.GotoAsync($"{network.Desk}/entries");
        await officer.WaitForSelectorAsync("#empty");
        Assert.Equal(403, (await officer.GotoAsync($"{network.Desk}/refusals"))!.Status);

        await supervisor.Locator("tr", new() { HasText = name }).Locator("[value^='remove:']").ClickAsync();
        await supervisor.ClickAsync("#sure");
        await supervisor.WaitForSelectorAsync("#notice");
        await Eventually.GetAsync(async () =>
        {
            await officer.GotoAsync($"{network.Desk}/entries");
            return new Uri(officer.Url).AbsolutePath;
        }, path => path == "/sign-in");
    }

    private static async Task ExecuteAsync(NetworkUnderTest network, string sql)
    {
        await using var database = network.Database();
        await database.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, database);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
