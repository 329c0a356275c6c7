namespace Promethoide.Tests.Network;

/// <summary>The links on the Aspire dashboard.</summary>
public sealed class LinksTests(RunningNetworkFixture fixture)
{
    [Fact]
    public async Task Each_link_of_a_part_leads_to_a_page()
    {
        var network = await fixture.Network;
        using var http = new HttpClient();
        var dead = new List<string>();
        // That link works only once and is tested on another network.
        var links = network.Links.Where(link => !link.Url.Contains("sign-in?link=", StringComparison.Ordinal)).ToList();
        foreach (var (component, url) in links)
        {
            using var answer = await http.GetAsync(url, TestContext.Current.CancellationToken);
            if (!answer.IsSuccessStatusCode)
            {
                dead.Add($"{component}: {url} {(int)answer.StatusCode}");
            }
        }

        Assert.InRange(links.Count, 10, int.MaxValue);
        Assert.Equal(network.Links.Count - 1, links.Count);
        Assert.Empty(dead);
    }
}
