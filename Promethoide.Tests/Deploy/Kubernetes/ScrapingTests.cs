using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using k8s.Models;
using Promethoide.Tests.AppHost;
using Promethoide.Tests.Fixtures;
using YamlDotNet.RepresentationModel;

namespace Promethoide.Tests.Deploy.Kubernetes;

/// <summary>
/// What Prometheus finds in a cluster. Debian's Prometheus is built without Kubernetes discovery, so here it gets a list of the pods, with
/// the labels that discovery would set.
/// </summary>
public sealed partial class ScrapingTests : IDisposable
{
    private static readonly string Configuration = File.ReadAllText(Path.Combine(Manifests.Folder, "base", "prometheus", "prometheus.yml"));
    private static readonly YamlMappingNode Here = Manifests.DocumentsIn(Configuration).Single();
    private static readonly YamlMappingNode Elsewhere = Manifests
        .DocumentsIn(File.ReadAllText(Repository.Combine("monitoring", "prometheus", "prometheus.yml")))
        .Single();

    private readonly string _folder = Directory.CreateTempSubdirectory("promethoide-scraping-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Jobs_rules_intervals_and_limits_are_those_of_everywhere()
    {
        string[] same = ["scrape_interval", "scrape_timeout", "honor_labels", "sample_limit", "body_size_limit"];

        Assert.Equal(Elsewhere["global"], Here["global"]);
        Assert.Equal(Elsewhere["rule_files"], Here["rule_files"]);
        // Grafana sends the notifications.
        Assert.Equal(Jobs(Elsewhere).Keys.Except(["alertmanager"]).Order(), Jobs(Here).Keys.Order());
        Assert.All(
            Jobs(Here),
            job => Assert.All(same, setting => Assert.Equal(Setting(Jobs(Elsewhere)[job.Key], setting), Setting(job.Value, setting))));
    }

    [Fact]
    public async Task Every_job_looks_for_pods_only_where_Prometheus_may_list_them()
    {
        var allowed = (await Manifests.OfAsync("small")).All<V1Role>().Select(role => role.Metadata.NamespaceProperty).ToList();
        var asked = Jobs(Here).Values.Where(job => job.Children.ContainsKey("kubernetes_sd_configs"))
            .SelectMany(job => (YamlSequenceNode)job["kubernetes_sd_configs"])
            .Cast<YamlMappingNode>()
            .ToList();

        Assert.Equal(8, asked.Count);
        Assert.All(asked, one =>
        {
            Assert.Equal(["role", "namespaces"], one.Children.Keys.Select(key => key.ToString()));
            Assert.Equal("pod", one["role"].ToString());
            Assert.All((YamlSequenceNode)one["namespaces"]["names"], name => Assert.Contains(name.ToString(), allowed));
        });
    }

    [Theory]
    [InlineData("")]
    [InlineData("remote_write")]
    public async Task Promtool_accepts_it_as_it_is_and_with_the_example_in_it(string example)
    {
        var text = example.Length == 0 ? Configuration : Commented().Replace(Configuration, match => match.Value[1..]);
        Assert.Equal(example.Length > 0, text.Contains("\nremote_write:\n  - url:", StringComparison.Ordinal));
        var file = Write(text, []);
        var rules = Directory.CreateDirectory(Path.Combine(_folder, "rules")).FullName;
        foreach (var rule in (await Manifests.OfAsync("small")).Generated("prometheus-rules").Data)
        {
            await File.WriteAllTextAsync(Path.Combine(rules, rule.Key), rule.Value, TestContext.Current.CancellationToken);
        }

        var check = await Tool.RunAsync("promtool", ["check", "config", .. example.Length > 0 ? (string[])["--syntax-only"] : [], file]);

        Assert.True(check.ExitCode == 0, check.Output + check.Error);
    }

    [Fact]
    public async Task Each_target_of_the_AppHost_is_found_under_the_name_that_it_has_everywhere()
    {
        await using var model = await AppHostModel.MakeAsync();
        var manifests = await Manifests.OfAsync("small");

        var expected = (await model.TargetsAsync()).SelectMany(target => target.Job switch
        {
            "rest-api" or "web" => [$"{target.Job} {target.Job}-0", $"{target.Job} {target.Job}-1"],
            "apache-exporter" or "apache-log-exporter" => [$"{target.Job} apache-0", $"{target.Job} apache-1"],
            "node-exporter" => [$"{target.Job} node-0", $"{target.Job} node-1"],
            _ => (IEnumerable<string>)[$"{target.Job} {target.Instance}"],
        });
        var found = await FindAsync(manifests);

        Assert.Equal(expected.Order(), found.Select(target => $"{target.Job} {target.Instance}").Order());
    }

    [Fact]
    public async Task Each_target_is_a_port_that_Prometheus_may_reach()
    {
        var manifests = await Manifests.OfAsync("small");
        var allowed = new Ways(manifests).Allowed
            .Where(way => way.From == "prometheus" && manifests.Workloads.Any(workload => workload.Name == way.To))
            .Select(way => $"{way.To}:{way.Port}")
            .ToHashSet();

        var targets = (await FindAsync(manifests)).Select(target => target.Address).Distinct().ToList();

        // Prometheus reaches itself without a network.
        Assert.Equal(allowed.Order(), targets.Select(NameOf).Where(target => target != "localhost:9090").Distinct().Order());
    }

    [Fact]
    public async Task The_probes_ask_Services_for_what_the_AppHost_probes()
    {
        await using var model = await AppHostModel.MakeAsync();
        var manifests = await Manifests.OfAsync("small");
        var allowed = new Ways(manifests).Allowed.Where(way => way.From == "blackbox-exporter").ToList();

        var probes = (await FindAsync(manifests)).Where(target => target.Labels.ContainsKey("__param_target")).ToList();

        Assert.Equal(
            (await model.TargetsAsync()).Where(target => target.Labels.ContainsKey("__param_target"))
                .Select(target =>
                    $"{target.Instance} {new Uri(target.Labels["__param_target"]).AbsolutePath} {target.Labels["__param_module"]} "
                    + $"{target.Labels["__metrics_path__"]}")
                .Order(),
            probes
                .Select(target =>
                    $"{target.Instance} {new Uri(target.Labels["__param_target"]).AbsolutePath} {target.Labels["__param_module"]} "
                    + $"{target.Labels["__metrics_path__"]}")
                .Order());
        Assert.All(probes.Select(probe => new Uri(probe.Labels["__param_target"])), address =>
        {
            Assert.Contains(manifests.All<V1Service>(), service => service.Metadata.Name == address.Host
                && service.Metadata.NamespaceProperty == "promethoide"
                && service.Spec.Ports.Any(port => port.Port == address.Port));
            Assert.Contains(allowed, way => way.To == address.Host && way.Port == address.Port);
        });
    }

    private static Dictionary<string, YamlMappingNode> Jobs(YamlMappingNode configuration) =>
        ((YamlSequenceNode)configuration["scrape_configs"]).Cast<YamlMappingNode>().ToDictionary(job => job["job_name"].ToString());

    private static YamlNode? Setting(YamlMappingNode job, string name) => job.Children.TryGetValue(name, out var value) ? value : null;

    // rest-api-1.pod:9464 belongs to rest-api; a Service goes by its name, plus its namespace if that differs.
    private static string NameOf(string address) => Regex.Replace(address, @"(-\d\.pod|\.promethoide)(?=:)", "");

    private async Task<IReadOnlyList<(string Job, string Instance, string Address, IReadOnlyDictionary<string, string> Labels)>> FindAsync(
        Manifests manifests)
    {
        var file = Write(Configuration, [.. manifests.Workloads.SelectMany(PodsOf)]);
        var jobs = await Task.WhenAll(
            Jobs(Here).Keys.Select(async job =>
                (job, Found: await Tool.MustRunAsync("promtool", ["check", "service-discovery", "--timeout=1s", file, job]))));
        return
        [
            .. from job in jobs
               from target in JsonSerializer.Deserialize<JsonElement>(job.Found).EnumerateArray()
               let labels = target.GetProperty("labels")
                   .EnumerateObject()
                   .ToDictionary(label => label.Name, label => label.Value.GetString()!)
               where labels.Count > 0
               select (labels["job"], labels["instance"], labels["__address__"], (IReadOnlyDictionary<string, string>)labels),
        ];
    }

    // Two of each pod that can have replicas, and one that has ended.
    private static IEnumerable<Dictionary<string, string>> PodsOf(Workload workload) =>
        from pod in workload.Name is "rest-api" or "web" or "apache" or "node-exporter" ? (string[])["0", "1", "ended"] : ["0", "ended"]
        from container in workload.Pod.Spec.Containers
        from port in container.Ports ?? [new() { ContainerPort = 1 }]
        select new Dictionary<string, string>
        {
            ["__address__"] = $"{workload.Name}-{pod}.pod:{port.ContainerPort}",
            ["__meta_kubernetes_namespace"] = workload.Namespace,
            ["__meta_kubernetes_pod_name"] = $"{workload.Name}-{pod}",
            ["__meta_kubernetes_pod_node_name"] = $"node-{pod}",
            ["__meta_kubernetes_pod_phase"] = pod == "ended" ? "Failed" : "Running",
            ["__meta_kubernetes_pod_container_name"] = container.Name,
            ["__meta_kubernetes_pod_container_port_name"] = port.Name ?? "",
            ["__meta_kubernetes_pod_container_port_number"] = port.ContainerPort.ToString(CultureInfo.InvariantCulture),
        };

    // Replaces each job's discovery with the pods of the namespaces that the job asks for.
    private string Write(string text, IReadOnlyList<Dictionary<string, string>> pods)
    {
        string Listed(string where) => string.Concat(pods.Where(pod => pod["__meta_kubernetes_namespace"] == where).Select(pod =>
        {
            var labels = pod.Where(label => label.Key != "__address__").ToDictionary();
            return $"\n      - {JsonSerializer.Serialize(new { targets = new[] { pod["__address__"] }, labels })}";
        }));
        var told = Alias().Replace(
            Discovery().Replace(
                text,
                match =>
                    $"    static_configs: {(match.Groups["anchor"].Success ? "&services " : "")}"
                    + $"{(pods.Count > 0 ? Listed(match.Groups["where"].Value) : "[]")}\n"),
            "    static_configs: *services");
        Assert.DoesNotContain("kubernetes_sd", told, StringComparison.Ordinal);
        var file = Path.Combine(_folder, "prometheus.yml");
        File.WriteAllText(file, told);
        return file;
    }

    [GeneratedRegex(
        @"    kubernetes_sd_configs:(?<anchor> &services)?\n      - role: pod\n        namespaces: \{names: \[(?<where>[a-z-]+)\]\}\n")]
    private static partial Regex Discovery();

    [GeneratedRegex(@"    kubernetes_sd_configs: \*services(?=\n)")]
    private static partial Regex Alias();

    [GeneratedRegex(@"^#(?=remote_write:|  )", RegexOptions.Multiline)]
    private static partial Regex Commented();
}
