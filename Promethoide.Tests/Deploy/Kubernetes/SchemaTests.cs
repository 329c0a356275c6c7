using System.Text;
using k8s;
using k8s.Models;
using Promethoide.Tests.Fixtures;
using YamlDotNet.Core;

namespace Promethoide.Tests.Deploy.Kubernetes;

/// <summary>What the API server rejects by form alone.</summary>
public sealed class SchemaTests
{
    // The limits for kubectl's last-applied annotation and for a ConfigMap.
    private const int LongestAnnotation = 256 * 1024;
    private const int LargestConfigMap = 1024 * 1024;

    public static TheoryData<string> Overlays => Manifests.Overlays;

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Every_object_has_only_fields_that_its_kind_has_and_values_of_their_types(string overlay)
    {
        var text = (await Manifests.OfAsync(overlay)).Text;

        Assert.Empty(Manifests.DocumentsIn(text).SelectMany(StrictSchema.MistakesIn));
        Assert.InRange(Manifests.DocumentsIn(text).Count(), 60, int.MaxValue);
    }

    [Theory]
    [InlineData("readinessProbe:", "readynessProbe:", "has no field 'readynessProbe'")]
    [InlineData("maxUnavailable: 0", "maxUnavailabel: 0", "has no field 'maxUnavailabel'")]
    [InlineData("value: \"9466\"", "value: 9466", "'9466' is no String")]
    [InlineData("value: \"false\"", "value: false", "'false' is no String")]
    [InlineData("containerPort: 9464", "containerPort: \"9464\"", "'9464' is no Int32")]
    [InlineData("runAsNonRoot: true", "runAsNonRoot: \"true\"", "'true' is no Boolean")]
    [InlineData("kind: HorizontalPodAutoscaler", "kind: HorizontalAutoscaler", "there is no such kind")]
    public async Task A_mistake_is_seen(string right, string wrong, string message)
    {
        var text = (await Manifests.OfAsync("small")).Text;
        Assert.Contains(right, text, StringComparison.Ordinal);

        Assert.Contains(
            Manifests.DocumentsIn(text.Replace(right, wrong, StringComparison.Ordinal)).SelectMany(StrictSchema.MistakesIn),
            mistake => mistake.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_client_library_reads_them_strictly_too()
    {
        var text = (await Manifests.OfAsync("small")).Text;

        Assert.ThrowsAny<YamlException>(() =>
            KubernetesYaml.LoadAllFromString(text.Replace("readinessProbe:", "readynessProbe:", StringComparison.Ordinal), strict: true));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task No_object_is_larger_than_the_server_or_kubectl_takes(string overlay)
    {
        var manifests = await Manifests.OfAsync(overlay);

        Assert.All(
            manifests.Objects, one => Assert.InRange(Encoding.UTF8.GetByteCount(KubernetesJson.Serialize(one)), 1, LongestAnnotation));
        Assert.All(
            manifests.All<V1ConfigMap>(),
            map => Assert.InRange(map.Data.Sum(file => Encoding.UTF8.GetByteCount(file.Value)), 1, LargestConfigMap));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Each_object_is_there_once_in_a_namespace_that_is_there(string overlay)
    {
        var manifests = await Manifests.OfAsync(overlay);
        var namespaces = manifests.All<V1Namespace>().Select(one => one.Metadata.Name).ToList();

        Assert.Equal(["promethoide", "promethoide-nodes", "promethoide-operations"], namespaces.Order());
        Assert.All(
            manifests.Objects.Where(one => one is not V1Namespace), one => Assert.Contains(one.Metadata.NamespaceProperty, namespaces));
        Assert.Equal(
            manifests.Objects.Count,
            manifests.Objects.Select(one => (one.Kind, one.Metadata.NamespaceProperty, one.Metadata.Name)).Distinct().Count());
        Assert.All(manifests.Objects, one => Assert.Matches("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", one.Metadata.Name));
    }

    [Theory]
    [InlineData("prometheus-rules", "monitoring/prometheus/rules")]
    [InlineData("prometheus-consoles", "monitoring/prometheus/consoles")]
    [InlineData("grafana-alerting", "monitoring/grafana/provisioning/alerting")]
    [InlineData("grafana-dashboard-providers", "monitoring/grafana/provisioning/dashboards")]
    [InlineData("grafana-datasources", "monitoring/grafana/provisioning/datasources")]
    [InlineData("grafana-dashboards-services grafana-dashboards-components grafana-dashboards-runbooks", "monitoring/grafana/dashboards")]
    [InlineData("blackbox", "monitoring/blackbox")]
    [InlineData("postgres-queries", "monitoring/postgres")]
    [InlineData("roles", "postgres")]
    [InlineData("prometheus", "deploy/kubernetes/base/prometheus")]
    public async Task Every_file_of_a_folder_is_in_its_ConfigMaps_as_it_is(string maps, string folder)
    {
        var manifests = await Manifests.OfAsync("small");
        var files = Directory.GetFiles(Repository.Combine(folder))
            .Where(file => Path.GetFileName(file) != "kustomization.yaml")
            .ToDictionary(file => Path.GetFileName(file), File.ReadAllText);

        Assert.Equal(
            files.OrderBy(file => file.Key), maps.Split(' ').SelectMany(map => manifests.Generated(map).Data).OrderBy(file => file.Key));
    }
}
