using System.Net;

namespace Promethoide.Tests.ServiceDefaults;

/// <summary>The host names that a service accepts.</summary>
public sealed class AllowedHostsTests
{
    [Theory]
    // As compose and the AppHost write the list, and as ASP.NET does.
    [InlineData("desk.example.org apache", "desk.example.org", HttpStatusCode.OK)]
    [InlineData("desk.example.org apache", "APACHE:8080", HttpStatusCode.OK)]
    [InlineData("desk.example.org;apache", "apache", HttpStatusCode.OK)]
    [InlineData("desk.example.org apache", "evil.example", HttpStatusCode.BadRequest)]
    [InlineData("desk.example.org apache", "desk.example.org.evil.example", HttpStatusCode.BadRequest)]
    [InlineData("desk.example.org apache", "evil.example:8080", HttpStatusCode.BadRequest)]
    // Probes on the service's own machine.
    [InlineData("desk.example.org apache", "localhost:9464", HttpStatusCode.OK)]
    [InlineData("desk.example.org apache", "127.0.0.1", HttpStatusCode.OK)]
    [InlineData("desk.example.org apache", "[::1]:9464", HttpStatusCode.OK)]
    // Not set, as when a service is started by hand.
    [InlineData("*", "evil.example", HttpStatusCode.OK)]
    [InlineData("", "evil.example", HttpStatusCode.OK)]
    public async Task A_service_answers_to_its_names_and_to_loopback(string setting, string host, HttpStatusCode status)
    {
        await using var service = await ServiceUnderTest.StartAsync("AllowedHosts", setting);
        using var http = new HttpClient();

        // The ops port checks them too.
        foreach (var path in (string[])[ServiceUnderTest.Page, "/alive"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(new Uri(service.Urls.First()), path))
            {
                Headers = { Host = host },
            };
            using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(status, answer.StatusCode);
        }
    }
}
