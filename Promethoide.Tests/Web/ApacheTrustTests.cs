namespace Promethoide.Tests.Web;

/// <summary>What Apache trusts in a request: its host name, its scheme and its origin.</summary>
public sealed class ApacheTrustTests(ApacheUnderTest apache) : IClassFixture<ApacheUnderTest>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/api/dni/1", "/api")]
    [InlineData("/", null)]
    public async Task Nobody_can_forge_where_a_request_comes_from(string path, string? prefix)
    {
        var headers = (await apache.AskedAsync(
            path,
            ("X-Forwarded-For", "6.6.6.6"),
            ("X-Forwarded-Proto", "https"),
            ("X-Forwarded-Prefix", "/forged"),
            ("X-Forwarded-Host", "forged"),
            ("X-Real-IP", "6.6.6.6"),
            ("Forwarded", "for=6.6.6.6"),
            ("Connection", "X-Forwarded-For, x-forwarded-proto, X-Forwarded-Prefix"))).GetProperty("headers");

        Assert.Equal("127.0.0.1", headers.GetProperty("x-forwarded-for").GetString());
        Assert.Equal("http", headers.GetProperty("x-forwarded-proto").GetString());
        Assert.Equal(new Uri(apache.Address).Authority, headers.GetProperty("host").GetString());
        Assert.Equal(new Uri(apache.Address).Authority, headers.GetProperty("x-forwarded-host").GetString());
        Assert.Equal(prefix, headers.TryGetProperty("x-forwarded-prefix", out var forwarded) ? forwarded.GetString() : null);
        Assert.False(headers.TryGetProperty("forwarded", out _));
        Assert.False(headers.TryGetProperty("x-real-ip", out _));
    }

    [Theory]
    [InlineData("https", "https")]
    [InlineData("", "http")]
    public async Task Where_TLS_ends_at_a_proxy_in_front_the_back_ends_hear_so_and_clients_cannot_say_it(string setting, string scheme)
    {
        await using var program = await apache.StartOneAsync(("APACHE_FORWARDED_PROTO", setting));

        foreach (var claimed in (string[])["http", "https", "ftp"])
        {
            var asked = await ApacheUnderTest.AskedOneAsync(
                program.Address, $"GET / HTTP/1.1\nHost: localhost\nX-Forwarded-Proto: {claimed}");
            Assert.Equal(scheme, asked.GetProperty("headers").GetProperty("x-forwarded-proto").GetString());
        }
    }

    // docker compose passes an unset variable as an empty one.
    [Theory]
    [InlineData("APACHE_FORWARDED_PROTO", "http")]
    [InlineData("APACHE_ALLOWED_HOSTS", "http")]
    public async Task A_setting_that_is_there_but_empty_is_one_that_is_not_given(string variable, string scheme)
    {
        await using var program = await apache.StartOneAsync(empty: variable);

        var asked = await ApacheUnderTest.AskedOneAsync(program.Address, "GET / HTTP/1.1\nHost: localhost");

        Assert.Equal(scheme, asked.GetProperty("headers").GetProperty("x-forwarded-proto").GetString());
    }

    [Fact]
    public async Task Another_scheme_than_https_is_refused_at_the_start_in_words()
    {
        await using var program = apache.Start(("APACHE_FORWARDED_PROTO", "htps"));

        Assert.NotEqual(0, await program.EndsAsync());
        Assert.Contains("APACHE_FORWARDED_PROTO is 'htps': it has to be https", program.Output, StringComparison.Ordinal);
    }

    // For any method and path; a name in the request line takes precedence over Host.
    [Theory]
    [InlineData("GET / HTTP/1.1\nHost: evil.example")]
    [InlineData("GET / HTTP/1.1\nHost: evil.example:8080")]
    [InlineData("GET / HTTP/1.1\nHost: EVIL.EXAMPLE")]
    [InlineData("GET / HTTP/1.1\nHost: evil.example.")]
    [InlineData("GET / HTTP/1.1\nHost: localhost.evil.example")]
    [InlineData("GET / HTTP/1.1\nHost: evil.localhost")]
    [InlineData("GET / HTTP/1.1\nHost: notdesk.example.org")]
    [InlineData("GET / HTTP/1.1\nHost: desk.example.org.evil.example")]
    [InlineData("GET / HTTP/1.1\nHost: border.example.org")]
    [InlineData("GET / HTTP/1.1\nHost: refused.invalid.")]
    [InlineData("GET / HTTP/1.1\nHost: 127.0.0.2")]
    [InlineData("GET / HTTP/1.1\nHost: 192.168.1.10:8080")]
    [InlineData("GET / HTTP/1.1\nHost: [::2]:8080")]
    [InlineData("GET / HTTP/1.1\nHost: 2130706433")]
    [InlineData("GET / HTTP/1.1\nHost: localhost@evil.example")]
    [InlineData("GET / HTTP/1.1\nHost: localhost, evil.example")]
    [InlineData("GET / HTTP/1.1\nHost: localhost\nHost: evil.example")]
    [InlineData("GET / HTTP/1.1\nHost: *")]
    [InlineData("GET / HTTP/1.1\nHost:")]
    [InlineData("GET / HTTP/1.1\nAccept: */*")]
    [InlineData("GET / HTTP/1.0\nAccept: */*")]
    [InlineData("GET http://evil.example/ HTTP/1.1\nHost: localhost")]
    [InlineData("GET http://evil.example:8080/api/dni/1 HTTP/1.1\nHost: desk.example.org")]
    [InlineData("GET http://evil.example/ HTTP/1.0\nAccept: */*")]
    [InlineData("GET /api/dni/1 HTTP/1.1\nHost: evil.example")]
    [InlineData("GET /delay HTTP/1.1\nHost: evil.example")]
    [InlineData("GET /errors/unavailable.html HTTP/1.1\nHost: evil.example")]
    [InlineData("GET /sign-in?link=x HTTP/1.1\nHost: evil.example")]
    [InlineData("POST /api/immigration HTTP/1.1\nHost: evil.example\nContent-Length: 0")]
    [InlineData("OPTIONS / HTTP/1.1\nHost: evil.example")]
    public async Task Whoever_asks_by_another_name_is_refused_before_anybody_behind_Apache_hears_of_it(string request)
    {
        var before = (apache.Web.Requests, apache.RestApi.Requests);

        foreach (var listener in (string[])[apache.Address, apache.StatusAddress])
        {
            Assert.Matches(ApacheUnderTest.Refused, await ApacheUnderTest.SendAsync(listener, request));
        }

        Assert.Equal(before, (apache.Web.Requests, apache.RestApi.Requests));
    }

    [Theory]
    [InlineData("GET /api/x HTTP/1.1\nHost: localhost", "localhost")]
    [InlineData("GET /api/x HTTP/1.1\nHost: LocalHost:9", "LocalHost:9")]
    [InlineData("GET /api/x HTTP/1.1\nHost: 127.0.0.1:8080", "127.0.0.1:8080")]
    [InlineData("GET /api/x HTTP/1.1\nHost: [::1]", "[::1]")]
    [InlineData("GET /api/x HTTP/1.1\nHost: [::1]:8080", "[::1]:8080")]
    [InlineData("GET /api/x HTTP/1.1\nHost: desk.example.org", "desk.example.org")]
    [InlineData("GET /api/x HTTP/1.1\nHost: DESK.example.org:8080", "DESK.example.org:8080")]
    [InlineData("GET /api/x HTTP/1.1\nHost: border", "border")]
    [InlineData("GET /api/x HTTP/1.1\nHost: north.border.example.org", "north.border.example.org")]
    [InlineData("GET /api/x HTTP/1.0\nHost: localhost", "localhost")]
    [InlineData("GET http://desk.example.org/api/x HTTP/1.1\nHost: evil.example", "desk.example.org")]
    // A URL whose scheme differs from the listener's is ignored.
    [InlineData("GET https://evil.example/api/x HTTP/1.1\nHost: localhost", "localhost")]
    public async Task Who_asks_by_a_name_of_the_desk_or_of_loopback_is_served_and_the_back_end_hears_that_name(string request, string name)
    {
        var asked = await ApacheUnderTest.AskedOneAsync(apache.Address, request);

        Assert.Equal(
            ("rest-api", name), (asked.GetProperty("name").GetString(), asked.GetProperty("headers").GetProperty("host").GetString()));
    }

    [Fact]
    public async Task Without_a_setting_only_the_names_of_loopback_are_served()
    {
        await using var program = await apache.StartOneAsync(("APACHE_ALLOWED_HOSTS", ""));

        Assert.StartsWith(
            "HTTP/1.1 200", await ApacheUnderTest.SendAsync(program.Address, "GET / HTTP/1.1\nHost: localhost"), StringComparison.Ordinal);
        Assert.Matches(ApacheUnderTest.Refused, await ApacheUnderTest.SendAsync(program.Address, "GET / HTTP/1.1\nHost: desk.example.org"));
    }

    [Fact]
    public async Task A_refusal_says_which_setting_has_the_names_and_is_no_answer_of_the_desk_to_the_log_exporter()
    {
        var lines = (await File.ReadAllLinesAsync(apache.MetricsLog, Cancellation)).Length;

        var answer = await ApacheUnderTest.SendAsync(apache.Address, "GET /secret-path HTTP/1.1\nHost: evil.example");

        Assert.StartsWith("HTTP/1.1 421 ", answer, StringComparison.Ordinal);
        Assert.Contains("DESK_HOSTS", answer, StringComparison.Ordinal);
        await apache.AskedAsync("/delay");
        await apache.Program.SaysAsync("GET /delay 200");
        Assert.DoesNotContain(
            (await File.ReadAllLinesAsync(apache.MetricsLog, Cancellation)).Skip(lines),
            line => line.Contains(" 421 ", StringComparison.Ordinal));
        Assert.DoesNotContain("evil.example", apache.Program.Output, StringComparison.Ordinal);
    }
}
