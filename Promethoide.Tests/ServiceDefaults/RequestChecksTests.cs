using Microsoft.Extensions.Logging;
using Promethoide.Tests.Web;

namespace Promethoide.Tests.ServiceDefaults;

/// <summary>What the services refuse when called directly, bypassing Apache.</summary>
[Collection("Api")]
public sealed class RequestChecksTests(DeskBehindApache desk) : IClassFixture<DeskBehindApache>
{
    [Theory]
    [InlineData("xn--")]
    [InlineData("xn--a.example.org")]
    [InlineData("{300}")]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData("localhost:99999")]
    public async Task A_Host_that_is_no_name_is_a_bad_request_in_one_line(string host)
    {
        host = host == "{300}" ? new string('a', 300) : host;
        var (problems, pages) = (desk.Log.Problems.Count(), Lines());

        var problem = await DeskBehindApache.SendAsync(Api, $"GET /flights/AA123 HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        var page = await DeskBehindApache.SendAsync(
            desk.Desk.Address, $"GET /sign-in HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");

        Assert.Equal((400, "application/problem+json"), (problem.Status, problem["content-type"]));
        Assert.Equal((400, "text/html; charset=utf-8"), (page.Status, page["content-type"]));
        Assert.Contains(
            "No se pudo leer",
            System.Text.Encoding.UTF8.GetString(System.Text.Encoding.Latin1.GetBytes(page.Body)),
            StringComparison.Ordinal);
        Assert.Equal(problems + 1, desk.Log.Problems.Count());
        await Network.Eventually.GetAsync(() => Task.FromResult(Lines()), lines => lines == pages + 1, lines => $"{lines - pages}");
        AssertNoFault();
    }

    [Theory]
    [InlineData("utf-7")]
    [InlineData("\"utf-7\"")]
    [InlineData("unicode-1-1-utf-7")]
    [InlineData("nonsense")]
    public async Task A_character_set_that_is_not_read_is_an_unsupported_media_type(string name)
    {
        var problem = await DeskBehindApache.SendAsync(
            Api,
            $"POST /immigration HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json; charset={name}\r\n"
            + "Content-Length: 2\r\nConnection: close\r\n\r\n{}");
        var page = await DeskBehindApache.SendAsync(
            desk.Desk.Address,
            $"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded; charset={name}\r\n"
            + "Content-Length: 3\r\nConnection: close\r\n\r\na=b");

        Assert.Equal((415, "application/problem+json"), (problem.Status, problem["content-type"]));
        Assert.Equal((415, "text/html; charset=utf-8"), (page.Status, page["content-type"]));
        AssertNoFault();
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked", "not a length\r\n")]
    [InlineData("Transfer-Encoding: chunked", "5\r\nab")]
    [InlineData("Transfer-Encoding: chunked", "")]
    [InlineData("Content-Length: 100", "a=b")]
    public async Task A_body_that_is_malformed_or_breaks_off_is_the_clients_fault_and_no_error_of_the_service(string framing, string body)
    {
        // Repeated, so that the end of the connection is noticed before, during and after the read.
        for (var i = 0; i < 20; i++)
        {
            await BreakOffAsync(Api, "POST /immigration HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n");
            await BreakOffAsync(
                desk.Desk.Address,
                "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n");
        }

        // Once the log has this line, it has all before it.
        var lines = Lines();
        await DeskBehindApache.SendAsync(desk.Desk.Address, "GET /sign-in HTTP/1.1\r\nHost: a..b\r\nConnection: close\r\n\r\n");
        await Network.Eventually.GetAsync(() => Task.FromResult(Lines()), count => count > lines);
        AssertNoFault();

        Task BreakOffAsync(string address, string head) => DeskBehindApache.SendAsync(
            address, System.Text.Encoding.Latin1.GetBytes($"{head}{framing}\r\n\r\n{body}"), andNoMore: true);
    }

    // For instance text in another character set.
    [Fact]
    public async Task Any_byte_may_be_in_a_header()
    {
        Assert.Equal(
            200,
            (await DeskBehindApache.SendAsync(
                Api, "GET / HTTP/1.1\r\nHost: localhost\r\nX: \u00ff\u00fe\r\nConnection: close\r\n\r\n")).Status);
        Assert.Equal(
            200,
            (await DeskBehindApache.SendAsync(
                desk.Desk.Address, "GET /sign-in HTTP/1.1\r\nHost: localhost\r\nX: \u00ff\u00fe\r\nConnection: close\r\n\r\n")).Status);
    }

    private string Api => desk.Api.Public.Address.GetLeftPart(UriPartial.Authority);

    private int Lines() => desk.Desk.Log.Split("A request was refused: 400").Length;

    private void AssertNoFault()
    {
        Assert.DoesNotContain(desk.Log.Lines, line => line.Level >= LogLevel.Error);
        Assert.Equal(
            "",
            desk.Desk.Log.Split('\n').FirstOrDefault(line => line.Contains("\"LogLevel\":\"Error\"", StringComparison.Ordinal), ""));
    }
}
