using System.Net;

namespace Promethoide.Tests.Web;

/// <summary>What protects the desk and its visitors, and what they see when something goes wrong.</summary>
public sealed class SafeguardsTests(DeskUnderTest desk) : IClassFixture<DeskUnderTest>
{
    [Theory]
    [InlineData("/", 200)]
    [InlineData("/entries", 200)]
    [InlineData("/refusals", 200)]
    [InlineData("/nowhere", 404)]
    public async Task HEAD_is_answered_like_GET_without_the_page(string path, int status)
    {
        using var officer = await desk.SupervisorAsync();

        using var head = await officer.SendAsync(HttpMethod.Head, path);
        using var get = await officer.SendAsync(HttpMethod.Get, path);

        Assert.Equal((status, status), ((int)head.StatusCode, (int)get.StatusCode));
        Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.Equal(get.Headers.GetValues("Content-Security-Policy"), head.Headers.GetValues("Content-Security-Policy"));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Cookies_are_closed_to_scripts_and_other_sites()
    {
        using var officer = desk.Nobody();

        var response = (await officer.OpenAsync()).Response;
        var cookies = response.Headers.GetValues("Set-Cookie")
            .Concat((await officer.SwitchLanguageAsync("en")).Response.Headers.GetValues("Set-Cookie"))
            .ToArray();

        Assert.Equal(2, cookies.Length);
        Assert.All(cookies, cookie =>
        {
            Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Matches("(?i)samesite=lax", cookie);
        });
    }

    [Fact]
    public async Task A_form_from_elsewhere_is_turned_away_with_a_page_for_people()
    {
        using var officer = await desk.OfficerAsync();

        await (await officer.OpenAsync()).PressAsync("check-document", ("__RequestVerificationToken", "forged"), ("dni", "1"));

        Assert.Equal(HttpStatusCode.BadRequest, officer.Response.StatusCode);
        Assert.Contains("No se pudo leer el formulario", officer.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_that_is_too_large_is_turned_away_with_a_page_for_people()
    {
        using var officer = await desk.OfficerAsync();

        await (await officer.OpenAsync()).PressAsync("check-document", ("dni", new string('1', 100_000)));

        Assert.InRange((int)officer.Response.StatusCode, 400, 413);
        Assert.Contains("No se pudo leer el formulario", officer.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_address_leads_back_to_the_desk()
    {
        using var officer = await desk.OfficerAsync();

        await officer.OpenAsync("/nowhere/at/all");

        Assert.Equal(HttpStatusCode.NotFound, officer.Response.StatusCode);
        Assert.Contains("Volver al puesto", officer.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Assets_are_local_compressed_and_cached_for_good()
    {
        using var officer = await desk.OfficerAsync();
        using var http = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None })
        {
            BaseAddress = new Uri(desk.Address),
        };
        http.DefaultRequestHeaders.AcceptEncoding.ParseAdd("gzip");
        await officer.OpenAsync();

        var assets = System.Text.RegularExpressions.Regex.Matches(officer.Page, "(?:src|href)=\"(?<url>[^\"]+\\.(?:css|js|svg))\"")
            .Select(match => match.Groups["url"].Value)
            .ToArray();

        Assert.NotEmpty(assets);
        foreach (var asset in assets)
        {
            Assert.Matches(@"^/[a-z]+\.[a-z0-9]{10}\.(css|js|svg)$", asset);
            using var response = await http.GetAsync(asset, TestContext.Current.CancellationToken);
            Assert.Equal("gzip", response.Content.Headers.ContentEncoding.Single());
            Assert.Equal(TimeSpan.FromDays(365), response.Headers.CacheControl!.MaxAge);
            Assert.True(response.Content.Headers.ContentLength < 5_000, $"{asset} takes {response.Content.Headers.ContentLength} bytes.");
        }
    }

    [Theory]
    [InlineData("/metrics")]
    [InlineData("/health")]
    public async Task What_operates_the_web_is_not_on_its_public_port(string path)
    {
        using var officer = await desk.OfficerAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await officer.OpenAsync(path)).Response.StatusCode);
    }
}
