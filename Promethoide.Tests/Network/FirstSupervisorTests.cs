using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Promethoide.Network;
using Xunit.v3;

namespace Promethoide.Tests.Network;

/// <summary>
/// A network just started for the first time, from its first supervisor onwards. Each test builds on the previous one; the last ones
/// kill parts of it.
/// </summary>
[TestMethodOrderer(typeof(UnorderedTestMethodOrderer))]
public sealed class FirstSupervisorTests(NewNetwork fixture) : IClassFixture<NewNetwork>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_link_of_the_terminal_signs_the_supervisor_in_at_the_desk_in_one_click_and_never_again()
    {
        var network = await fixture.Network;
        var link = await network.SignInLinkAsync();

        using (var page = await fixture.Supervisor.GetAsync(link, Cancellation))
        {
            Assert.Equal((HttpStatusCode.OK, "/"), (page.StatusCode, page.RequestMessage!.RequestUri!.PathAndQuery));
            Assert.Contains("id=\"check-document\"", await page.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }

        using var other = new HttpClient(new SocketsHttpHandler { CookieContainer = new() });
        using var again = await other.GetAsync(link, Cancellation);
        Assert.False(again.IsSuccessStatusCode);
        Assert.Contains("id=\"sign-in\"", await again.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        using var api = await other.PostAsJsonAsync(
            $"{network.Url("rest-api")}/sessions/link", new { token = link.Split('=')[^1] }, Cancellation);
        Assert.Equal((HttpStatusCode.Unauthorized, "sign-in-failed"), (api.StatusCode, await CodeAsync(api)));
        await IsSignedInAsync(network, fixture.Supervisor);
    }

    [Fact]
    public async Task The_first_password_signs_in_and_has_to_be_changed_before_anything_else()
    {
        var network = await fixture.Network;
        using var client = new HttpClient();

        using var signedIn = await client.PostAsJsonAsync(
            $"{network.Desk}/api/sessions",
            new { user_name = "supervisor", password = await network.SupervisorPasswordAsync() },
            Cancellation);
        Assert.Equal(HttpStatusCode.Created, signedIn.StatusCode);
        var session = await signedIn.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.True(session.GetProperty("must_change_password").GetBoolean());
        client.DefaultRequestHeaders.Authorization = new("Bearer", session.GetProperty("token").GetString());
        using var refused = await client.GetAsync($"{network.Desk}/api/officers", Cancellation);

        Assert.Equal((HttpStatusCode.Forbidden, "password-change-required"), (refused.StatusCode, await CodeAsync(refused)));
    }

    [Fact]
    public async Task Administrators_add_an_officer_and_a_key_by_a_command_and_what_it_shows_is_in_no_log()
    {
        var network = await fixture.Network;

        var added = await AdministerAsync(network, "users", ("action", "add"), ("name", "ada"), ("role", "officer"));
        var key = await AdministerAsync(
            network, "keys", ("action", "add"), ("name", "airline"), ("scope", "look-up decide"), ("days", "30"));
        Assert.Matches(@"(?m)^ada +officer ", await AdministerAsync(network, "users"));
        Assert.Matches(@"(?m)^airline +look-up decide +until ", await AdministerAsync(network, "keys", ("action", "list")));

        var password = added.Split(' ').Single(word => word.Count(character => character == '-') == 3).TrimEnd(',');
        fixture.Ada = await Officers.SignInAsync(network.Url("rest-api"), "ada", password);
        fixture.Key = key.Split('\n')[0].Trim();
        Assert.Equal(HttpStatusCode.OK, await AskAsync(network, fixture.Key, "/flights/AA123"));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(network, fixture.Key, "/refusals"));

        var again = await network.TryExecuteAsync("rest-api", "users", ("action", "add"), ("name", "ada"));
        Assert.False(again.Success);
        Assert.Contains("ada", again.Message, StringComparison.Ordinal);

        foreach (var component in (string[])["migrations", "rest-api", "web", "apache", "postgres"])
        {
            var log = await network.LogAsync(component);
            Assert.All(
                (string[])
                [
                    password,
                    fixture.Key,
                    await network.SupervisorPasswordAsync(),
                    await network.SmokeKeyAsync(),
                    (await network.SignInLinkAsync()).Split('=')[^1],
                ],
                secret => Assert.DoesNotContain(secret, log, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Whoever_asks_by_a_name_that_is_not_the_desks_gets_nothing_at_Apache_nor_past_it()
    {
        var network = await fixture.Network;
        using var client = new HttpClient();

        Assert.Equal(HttpStatusCode.MisdirectedRequest, await AskByAsync($"{network.Desk}/api/flights/AA123"));
        Assert.Equal(HttpStatusCode.MisdirectedRequest, await AskByAsync($"{network.Desk}/sign-in"));
        Assert.Equal(HttpStatusCode.BadRequest, await AskByAsync($"{network.Url("rest-api")}/flights/AA123"));
        Assert.Equal(HttpStatusCode.BadRequest, await AskByAsync($"{network.Url("web")}/sign-in"));

        async Task<HttpStatusCode> AskByAsync(string url)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { Host = "evil.example:8080" } };
            using var answer = await client.SendAsync(request, Cancellation);
            return answer.StatusCode;
        }
    }

    // Sessions are kept in the database, and the keys for the desk's cookie in the network's state.
    [Theory]
    [InlineData("rest-api")]
    [InlineData("web")]
    public async Task Sessions_and_keys_survive_the_death_of(string part)
    {
        var network = await fixture.Network;
        await IsSignedInAsync(network, fixture.Supervisor);

        network.Kill(part);
        await network.StartAsync(part);

        await IsSignedInAsync(network, fixture.Supervisor);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(network, fixture.Ada!.Token, "/sessions/current"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(network, fixture.Key!, "/flights/AA123"));
    }

    [Fact]
    public async Task Who_was_locked_out_while_the_API_was_away_stays_out()
    {
        var network = await fixture.Network;
        await network.StopAsync("rest-api");
        await AdministerAsync(network, "users", ("action", "lock"), ("name", "ada"));
        await network.StartAsync("rest-api");

        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(network, fixture.Ada!.Token, "/sessions/current"));
        await IsSignedInAsync(network, fixture.Supervisor);
    }

    private static async Task<string> AdministerAsync(
        NetworkUnderTest network, string command, params (string Name, string Value)[] arguments)
    {
        var result = await network.TryExecuteAsync("rest-api", command, arguments);
        Assert.True(result.Success, result.Message);
        return result.Data!.Value;
    }

    private static async Task IsSignedInAsync(NetworkUnderTest network, HttpClient browser)
    {
        using var page = await browser.GetAsync($"{network.Desk}/refusals", Cancellation);
        Assert.Equal((HttpStatusCode.OK, "/refusals"), (page.StatusCode, page.RequestMessage!.RequestUri!.AbsolutePath));
    }

    private static async Task<HttpStatusCode> AskAsync(NetworkUnderTest network, string token, string path)
    {
        using var client = new HttpClient { DefaultRequestHeaders = { Authorization = new("Bearer", token) } };
        using var answer = await client.GetAsync($"{network.Desk}/api{path}", Cancellation);
        return answer.StatusCode;
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("code").GetString();
}

/// <summary>The components between an officer and the database, and the users.</summary>
public sealed class NewNetwork : IAsyncDisposable
{
    private readonly Lazy<Task<NetworkUnderTest>> _network = new(() =>
        NetworkUnderTest.StartAsync(builder => builder.StartOnly("postgres", "migrations", "rest-api", "web", "apache")));

    internal Task<NetworkUnderTest> Network => _network.Value;

    /// <summary>The first supervisor's browser.</summary>
    internal HttpClient Supervisor { get; } = new(new SocketsHttpHandler { CookieContainer = new() });

    internal SignedIn? Ada { get; set; }

    /// <summary>The key of an airline.</summary>
    internal string? Key { get; set; }

    public async ValueTask DisposeAsync()
    {
        Supervisor.Dispose();
        if (_network.IsValueCreated)
        {
            await (await _network.Value).DisposeAsync();
        }
    }
}
