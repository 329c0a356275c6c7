using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Npgsql;
using Promethoide.Tests.Api;

namespace Promethoide.Tests.Network;

/// <summary>Everything an officer may encounter at the desk, in a real browser, through Apache, on the running network.</summary>
public sealed class DeskWorkflowTests(RunningNetworkFixture fixture, Chromium chromium)
{
    // Shared by all tests that only read it: an import takes seconds.
    private static Task<string>? _flight;

    public static TheoryData<string, bool> Readers => new MatrixTheoryData<string, bool>(["es-ES", "en-GB"], [true, false]);

    [Theory]
    [MemberData(nameof(Readers))]
    public async Task Each_refusal_can_be_corrected_until_the_traveller_is_admitted_once(string language, bool javaScript)
    {
        var network = await fixture.Network;
        var page = await chromium.NewPageAsync(network, language, javaScript);
        var dni = Travellers.NewDni();

        await CheckDocumentAsync(page, network, dni);
        await page.FillAsync("#flight_number", "ZZ999");
        await page.ClickAsync("#check-flight");
        await page.WaitForSelectorAsync("#flight_number-error");
        Assert.Equal(
            (language[..2], "ZZ999"), (await page.GetAttributeAsync("html", "lang"), await page.InputValueAsync("#flight_number")));
        await page.FillAsync("#flight_number", "AA123");
        await page.ClickAsync("#check-flight");

        await DecideAsync(page, lodging: "", money: "1200");
        await page.WaitForSelectorAsync("#decision[data-outcome=refused]");
        await page.ClickAsync("#edit-stay");
        await DecideAsync(page, lodging: "Hotel Arts", money: "20");
        await page.WaitForSelectorAsync("#decision[data-outcome=refused]");
        await page.ClickAsync("#edit-stay");
        await page.WaitForSelectorAsync("#decide");
        Assert.Equal(("Hotel Arts", "20"), (await page.InputValueAsync("#lodging"), await page.InputValueAsync("#declared_money")));
        await DecideAsync(page, lodging: "Hotel Arts", money: "1200");
        var entry = await AdmittedAsync(page);

        await page.ClickAsync("#new-traveller");
        await ToStayAsync(page, network, dni);
        await DecideAsync(page, lodging: "Hostal Sol", money: "800");
        await page.WaitForSelectorAsync($"#decision[data-outcome=conflict][data-entry='{entry}']");
        await page.ClickAsync("#edit-stay");
        await DecideAsync(page, lodging: "Hotel Arts", money: "1200");
        Assert.Equal(entry, await AdmittedAsync(page));
        Assert.Equal([entry], await EntriesAsync(network, dni));
        Assert.Equal(["insufficient-money", "lodging-required"], await RefusalsAsync(network, dni));
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public async Task A_flight_of_another_day_is_said_and_the_day_can_be_chosen(string language, bool javaScript)
    {
        var network = await fixture.Network;
        var page = await chromium.NewPageAsync(network, language, javaScript);
        var (dni, number) = (Travellers.NewDni(), await (_flight ??= ImportFlightAsync(network, -1, 3)));

        await CheckDocumentAsync(page, network, dni);
        await page.WaitForSelectorAsync("#flights-today option[value=AA123]", new() { State = WaitForSelectorState.Attached });
        await page.FillAsync("#flight_number", number);
        await page.ClickAsync("#check-flight");
        await page.WaitForSelectorAsync("#other-day");
        await page.ClickAsync("#edit-flight");
        await page.FillAsync("#arrival_date", Day(-1));
        await page.ClickAsync("#check-flight");
        await page.WaitForSelectorAsync("#decide");
        Assert.Equal(0, await page.Locator("#other-day").CountAsync());
        await DecideAsync(page, lodging: "Hotel Arts", money: "1200");

        var entry = await AdmittedAsync(page);
        await page.GotoAsync($"{network.Desk}/entries?search={dni}");
        Assert.Equal(entry, await page.Locator("tbody tr td").First.InnerTextAsync());
        Assert.Equal([Day(-1)], await ReadAsync(network, "SELECT arrival_date::text FROM immigration WHERE dni = $1", dni));
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public async Task Entries_are_searched_and_the_address_shows_the_same_again(string language, bool javaScript)
    {
        var network = await fixture.Network;
        var page = await chromium.NewPageAsync(network, language, javaScript);
        var dni = Travellers.NewDni();
        await ToStayAsync(page, network, dni);
        await DecideAsync(page, lodging: "Hotel Arts", money: "1200");
        await AdmittedAsync(page);

        await page.GotoAsync($"{network.Desk}/entries");
        await page.FillAsync("#search", "TORRES ana");
        await page.FillAsync("#day", Day(0));
        await page.FillAsync("#flight_number", "aa 123");
        await page.ClickAsync("#search-list");
        await page.WaitForSelectorAsync("#clear");
        Assert.NotEqual(0, await page.Locator("tr", new() { HasText = dni }).CountAsync());
        await page.FillAsync("#search", dni[3..]);
        await page.PressAsync("#search", "Enter");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex($"search={dni[3..]}"));
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await page.ReloadAsync();
        Assert.Equal((dni[3..], 1), (await page.InputValueAsync("#search"), await page.Locator("tbody tr").CountAsync()));
        await page.GoBackAsync();
        await Assertions.Expect(page.Locator("#search")).ToHaveValueAsync("TORRES ana");
        await page.FillAsync("#day", Day(-2));
        await page.ClickAsync("#search-list");
        await page.WaitForSelectorAsync("#empty");
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public async Task Reload_and_back_lose_nothing_and_decide_nothing_twice(string language, bool javaScript)
    {
        var network = await fixture.Network;
        var page = await chromium.NewPageAsync(network, language, javaScript);
        var dni = Travellers.NewDni();
        await ToStayAsync(page, network, dni);
        var stay = page.Url;
        await page.ReloadAsync();
        await DecideAsync(page, lodging: "Hotel Arts", money: "20");
        await page.WaitForSelectorAsync("#decision[data-outcome=refused]");

        await page.ReloadAsync();
        await page.WaitForSelectorAsync("#decision[data-outcome=refused]");
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        Assert.Equal((true, false), (await page.IsVisibleAsync(".printed"), await page.IsVisibleAsync("#decision")));
        await page.EmulateMediaAsync(new() { Media = Media.Screen });
        await page.GoBackAsync();
        await Assertions.Expect(page).ToHaveURLAsync(stay);
        await page.WaitForSelectorAsync("#decide");
        await DecideAsync(page, lodging: "Hotel Arts", money: "20");
        await page.WaitForSelectorAsync("#decision[data-outcome=refused]");

        Assert.Equal(["insufficient-money"], await RefusalsAsync(network, dni));
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public async Task Whoever_has_a_wanted_persons_name_and_birth_is_compared_and_then_admitted(string language, bool javaScript)
    {
        var network = await fixture.Network;
        var page = await chromium.NewPageAsync(network, language, javaScript);
        var (dni, wanted) = (Travellers.NewDni(), Travellers.NewDni());
        await ReadAsync(
            network, "INSERT INTO interpol (name, dni, birth_date) VALUES ('TORRES, Ana María', $1, '1980-02-29') RETURNING dni", wanted);

        await ToStayAsync(page, network, dni);
        await page.FillAsync("#birth_date", "1980-02-29");
        await DecideAsync(page, lodging: "Hotel Arts", money: "1200");
        await page.WaitForSelectorAsync("#possible-match");
        Assert.Contains(wanted, await page.InnerTextAsync("#possible-match"), StringComparison.Ordinal);
        Assert.Empty(await EntriesAsync(network, dni));
        await page.ClickAsync("#somebody-else");
        await page.WaitForSelectorAsync("#possible-match", new() { State = WaitForSelectorState.Detached });
        await page.ClickAsync("#decide");

        Assert.Equal([await AdmittedAsync(page)], await EntriesAsync(network, dni));
        Assert.Equal(["possible-match"], await ReadAsync(network, "SELECT DISTINCT outcome FROM audit WHERE subject = $1", wanted));
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public async Task A_supervisor_annuls_an_entry_and_the_traveller_is_admitted_anew(string language, bool javaScript)
    {
        var network = await fixture.Network;
        var page = await chromium.NewPageAsync(network, language, javaScript);
        var dni = Travellers.NewDni();
        await ToStayAsync(page, network, dni);
        await DecideAsync(page, lodging: "", money: "1200");
        await page.WaitForSelectorAsync("#decision[data-outcome=refused]");
        await page.ClickAsync("#edit-stay");
        await DecideAsync(page, lodging: "Hotel Arts", money: "1200");
        var entry = await AdmittedAsync(page);

        await page.GotoAsync($"{network.Desk}/refusals?search={dni}");
        await page.ClickAsync($"tbody a[href$='={entry}']");
        await page.ClickAsync($"a[href='/entries/{entry}']");
        await page.FillAsync("#reason", "Typed twice");
        await page.ClickAsync("#annul");
        await page.WaitForSelectorAsync("#annulled");
        await ToStayAsync(page, network, dni);
        await DecideAsync(page, lodging: "Hotel Arts", money: "1200");

        Assert.NotEqual(entry, await AdmittedAsync(page));
        Assert.Equal(2, (await EntriesAsync(network, dni)).Count);
        await page.GotoAsync($"{network.Desk}/summary");
        Assert.NotEqual(0, await page.Locator("#flights tr", new() { HasText = "AA123" }).CountAsync());
        Assert.NotEqual(0, await page.Locator("#signed-in dt").CountAsync());
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public async Task A_wanted_person_stays_stopped_whatever_the_officer_presses(string language, bool javaScript)
    {
        var network = await fixture.Network;
        var page = await chromium.NewPageAsync(network, language, javaScript);

        await CheckDocumentAsync(page, network, "12345678-A");
        await page.WaitForSelectorAsync("#decision[data-outcome=wanted]");
        await page.ClickAsync($"button[name=language][value={(language == "es-ES" ? "en" : "es")}]");
        await page.WaitForSelectorAsync($"html[lang={(language == "es-ES" ? "en" : "es")}] #decision[data-outcome=wanted]");
        Assert.Equal(["acknowledge"], await page.Locator("main button, main a, main input:not([type=hidden])")
            .EvaluateAllAsync<string[]>("all => all.map(one => one.id)"));

        await page.ClickAsync("#acknowledge");
        await page.ClickAsync("#new-traveller");
        await page.WaitForSelectorAsync("#check-document");
        Assert.Equal("", await page.InputValueAsync("#dni"));
        Assert.Empty(await EntriesAsync(network, "12345678A"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_double_click_makes_one_entry(bool javaScript)
    {
        var network = await fixture.Network;
        var page = await chromium.NewPageAsync(network, javaScript: javaScript);
        var dni = Travellers.NewDni();
        await ToStayAsync(page, network, dni);
        await FillStayAsync(page, "Hotel Arts", "1200");

        await page.DblClickAsync("#decide");

        Assert.Equal([await AdmittedAsync(page)], await EntriesAsync(network, dni));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Two_tabs_have_a_traveller_each_and_the_same_traveller_in_both_makes_one_entry(bool javaScript)
    {
        var network = await fixture.Network;
        var first = await chromium.NewPageAsync(network, javaScript: javaScript);
        var second = await first.Context.NewPageAsync();
        var (one, other) = (Travellers.NewDni(), Travellers.NewDni());
        await ToStayAsync(first, network, one);
        await ToStayAsync(second, network, other);

        await Task.WhenAll(DecideAsync(first, "Hotel Arts", "1200"), DecideAsync(second, "Hotel Arts", "1200"));
        Assert.Equal([await AdmittedAsync(first)], await EntriesAsync(network, one));
        Assert.Equal([await AdmittedAsync(second)], await EntriesAsync(network, other));

        var both = Travellers.NewDni();
        await ToStayAsync(first, network, both);
        await ToStayAsync(second, network, both);
        await Task.WhenAll(DecideAsync(first, "Hotel Arts", "1200"), DecideAsync(second, "Hotel Arts", "1200"));
        var entry = await AdmittedAsync(first);
        Assert.Equal(entry, await AdmittedAsync(second));
        Assert.Equal([entry], await EntriesAsync(network, both));
    }

    [Fact]
    public async Task What_was_typed_outlasts_an_API_that_was_stopped_and_the_retry_admits()
    {
        // A separate network, since it is broken on purpose.
        await using var network = await NetworkUnderTest.StartAsync();
        var pages = new[]
        {
            await chromium.NewPageAsync(network, "es-ES"),
            await chromium.NewPageAsync(network, "en-GB", javaScript: false),
        };
        foreach (var page in pages)
        {
            await ToStayAsync(page, network, Travellers.NewDni());
        }

        await network.StopAsync("rest-api");
        foreach (var page in pages)
        {
            await DecideAsync(page, "Hotel Arts", "1200");
            await page.WaitForSelectorAsync("#decision[data-outcome=unavailable]");
            Assert.Equal(
                ("Ana Torres", "Hotel Arts", "1200"),
                (
                    await page.InputValueAsync("#name"),
                    await page.InputValueAsync("#lodging"),
                    await page.InputValueAsync("#declared_money")));
        }

        await network.StartAsync("rest-api");
        foreach (var page in pages)
        {
            await page.ClickAsync("#retry");
            await AdmittedAsync(page);
        }
    }

    private static async Task CheckDocumentAsync(IPage page, NetworkUnderTest network, string dni)
    {
        await page.GotoAsync(network.Desk);
        await page.FillAsync("#dni", dni);
        await page.ClickAsync("#check-document");
    }

    private static string Day(int fromToday) => $"{DateOnly.FromDateTime(DateTime.Now).AddDays(fromToday):O}";

    // Imported as an administrator would.
    /// <summary>Imports a flight on these days, counted from today; returns its number.</summary>
    private static async Task<string> ImportFlightAsync(NetworkUnderTest network, params int[] days)
    {
        var number = $"D{Random.Shared.Next(1_000_000):D6}";
        var file = Path.GetTempFileName();
        await File.WriteAllLinesAsync(
            file,
            [
                "flight_number,airline,origin,destination,departure_date,arrival_date",
                .. days.Select(day => $"{number},Iberia,MAD,LHR,{Day(day)},{Day(day)}"),
            ],
            TestContext.Current.CancellationToken);
        var result = await network.TryExecuteAsync("rest-api", "import", ("what", "flights"), ("file", file), ("dry-run", "no"));
        File.Delete(file);
        Assert.True(result.Success, result.Message);
        Assert.Contains($"{days.Length} new", result.Data!.Value, StringComparison.Ordinal);
        return number;
    }

    private static async Task ToStayAsync(IPage page, NetworkUnderTest network, string dni)
    {
        await CheckDocumentAsync(page, network, dni);
        await page.FillAsync("#flight_number", "AA123");
        await page.ClickAsync("#check-flight");
        await page.WaitForSelectorAsync("#decide");
    }

    private static async Task FillStayAsync(IPage page, string lodging, string money)
    {
        await page.FillAsync("#name", "Ana Torres");
        await page.FillAsync("#lodging", lodging);
        await page.FillAsync("#declared_money", money);
    }

    private static async Task DecideAsync(IPage page, string lodging, string money)
    {
        await FillStayAsync(page, lodging, money);
        await page.ClickAsync("#decide");
    }

    private static async Task<string> AdmittedAsync(IPage page) =>
        (await (await page.WaitForSelectorAsync("#decision[data-outcome=admitted]"))!.GetAttributeAsync("data-entry"))!;

    private static Task<List<string>> EntriesAsync(NetworkUnderTest network, string dni) =>
        ReadAsync(network, "SELECT id::text FROM immigration WHERE dni = $1", dni);

    private static Task<List<string>> RefusalsAsync(NetworkUnderTest network, string dni) =>
        ReadAsync(network, "SELECT reason FROM refusals WHERE dni = $1 AND reason <> 'flight-not-found' ORDER BY reason", dni);

    private static async Task<List<string>> ReadAsync(NetworkUnderTest network, string query, string dni)
    {
        await using var database = network.Database();
        await database.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(query, database) { Parameters = { new() { Value = dni } } };
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }
}
