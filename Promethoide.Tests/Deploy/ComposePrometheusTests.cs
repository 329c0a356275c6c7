using Promethoide.Tests.AppHost;
using Promethoide.Tests.Fixtures;
using YamlDotNet.RepresentationModel;

namespace Promethoide.Tests.Deploy;

/// <summary>What Prometheus monitors under docker compose, compared with elsewhere; the container tests run it.</summary>
public sealed class ComposePrometheusTests
{
    // Discovered through DNS.
    private static readonly string[] Scaled = ["rest-api", "web"];

    private static readonly YamlMappingNode Here = Read(Path.Combine(PublishedCompose.Folder, "prometheus.yml"));
    private static readonly YamlMappingNode Elsewhere = Read(Repository.Combine("monitoring", "prometheus", "prometheus.yml"));

    [Fact]
    public void Each_job_is_there_and_is_scraped_as_often_and_as_strictly_as_elsewhere()
    {
        Assert.Equal(Elsewhere["global"], Here["global"]);
        Assert.Equal(Elsewhere["rule_files"], Here["rule_files"]);
        // Grafana sends the notifications here.
        Assert.Equal(Jobs(Elsewhere).Where(job => Name(job) != "alertmanager").Select(Limits), Jobs(Here).Select(Limits));

        static string Limits(YamlMappingNode job) =>
            string.Join(", ", job.Children.Where(entry => !entry.Key.ToString().EndsWith("_configs", StringComparison.Ordinal))
                .Select(entry => $"{entry.Key}: {entry.Value}")
                .Order());
    }

    [Fact]
    public async Task What_is_scraped_and_probed_is_what_the_AppHost_watches_under_the_same_names()
    {
        await using var model = await AppHostModel.MakeAsync();
        var expected = (await model.TargetsAsync()).Where(target => !Scaled.Contains(target.Job)).ToList();

        Assert.Equal(
            expected.Select(target => $"{target.Job} {target.Instance}").Order(),
            Targets().Select(target => $"{target.Job} {target.Instance}").Order());
        Assert.Equal(
            expected.Where(target => target.Labels.ContainsKey("__param_target"))
                .Select(target => $"{target.Instance} {new Uri(target.Labels["__param_target"]).AbsolutePath}")
                .Order(),
            Targets().Where(target => target.Address.StartsWith("http", StringComparison.Ordinal))
                .Select(target => $"{target.Instance} {new Uri(target.Address).AbsolutePath}")
                .Order());
    }

    [Fact]
    public void Each_address_is_that_of_a_service_and_a_port_of_it()
    {
        var compose = PublishedCompose.Read();
        var addresses = Targets()
            .Select(target =>
                target.Address.StartsWith("http", StringComparison.Ordinal) ? new Uri(target.Address).Authority : target.Address)
            .Select(address => address.Replace("localhost:", "prometheus:", StringComparison.Ordinal))
            .Concat(Lookups().Select(lookup => $"{lookup.Name}:{lookup.Port}")).ToList();

        Assert.All(addresses, address =>
        {
            var service = compose.Services[address.Split(':')[0]];
            Assert.Contains(
                service.List("expose").Concat(service.List("ports")),
                port => port.EndsWith($":{address.Split(':')[1]}", StringComparison.Ordinal) || port == address.Split(':')[1]);
        });
    }

    [Fact]
    public void Each_replica_is_a_target_and_those_of_the_API_are_probed_too_and_both_are_found_within_seconds()
    {
        Assert.Equal(
            ["blackbox-exporter rest-api 8080", "blackbox-exporter rest-api 9464", "rest-api rest-api 9464", "web web 9465"],
            Lookups().Select(lookup => $"{lookup.Job} {lookup.Name} {lookup.Port}").Order());
        Assert.All(Lookups(), lookup => Assert.Equal(("A", "5s"), (lookup.Type, lookup.Refresh)));
    }

    private static IEnumerable<(string Job, string Instance, string Address)> Targets() =>
        from job in Jobs(Here)
        from targets in Of(job, "static_configs")
        select (Name(job), targets["labels"]["instance"].ToString(), ((YamlSequenceNode)targets["targets"]).Single().ToString());

    private static IEnumerable<(string Job, string Name, string Type, string Port, string Refresh)> Lookups() =>
        from job in Jobs(Here)
        from lookup in Of(job, "dns_sd_configs")
        select (
            Name(job),
            ((YamlSequenceNode)lookup["names"]).Single().ToString(),
            lookup["type"].ToString(),
            lookup["port"].ToString(),
            lookup["refresh_interval"].ToString());

    private static IEnumerable<YamlMappingNode> Jobs(YamlMappingNode file) =>
        ((YamlSequenceNode)file["scrape_configs"]).Cast<YamlMappingNode>();

    private static IEnumerable<YamlNode> Of(YamlMappingNode job, string key) =>
        job.Children.TryGetValue(key, out var list) ? (YamlSequenceNode)list : [];

    private static string Name(YamlMappingNode job) => job["job_name"].ToString();

    private static YamlMappingNode Read(string file)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(File.ReadAllText(file)));
        return (YamlMappingNode)yaml.Documents[0].RootNode;
    }
}
