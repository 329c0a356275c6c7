using System.Collections.Concurrent;
using k8s;
using k8s.Models;
using Promethoide.Tests.Fixtures;
using YamlDotNet.RepresentationModel;

namespace Promethoide.Tests.Deploy.Kubernetes;

/// <summary>What <c>kubectl apply -k</c> would send for one overlay of <c>deploy/kubernetes</c>.</summary>
internal sealed class Manifests
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<Manifests>>> Rendered = new();
    private static readonly Lazy<Task<string>> Kubectl = new(async () =>
        (await Tool.MustRunAsync("bash", [Repository.Combine("eng", "kubectl", "install.sh")])).Trim());

    private Manifests(string text)
    {
        Text = text;
        Objects = [.. KubernetesYaml.LoadAllFromString(text, strict: true).Cast<IKubernetesObject<V1ObjectMeta>>()];
    }

    public static string Folder { get; } = Repository.Combine("deploy", "kubernetes");

    public static TheoryData<string> Overlays => ["small", "production"];

    public string Text { get; }

    public IReadOnlyList<IKubernetesObject<V1ObjectMeta>> Objects { get; }

    /// <summary>Everything that creates pods.</summary>
    public IReadOnlyList<Workload> Workloads => [.. Objects.Select(Workload.Of).OfType<Workload>()];

    public static Task<Manifests> OfAsync(string overlay) =>
        Rendered.GetOrAdd(overlay, name => new(async () => new(await RenderAsync(Path.Combine(Folder, "overlays", name))))).Value;

    public static Task<string> KubectlAsync() => Kubectl.Value;

    public static async Task<string> RenderAsync(string folder) => await Tool.MustRunAsync(await Kubectl.Value, ["kustomize", folder]);

    public static IEnumerable<YamlMappingNode> DocumentsIn(string text)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(text));
        return yaml.Documents.Select(document => (YamlMappingNode)document.RootNode);
    }

    public IEnumerable<T> All<T>() where T : IKubernetesObject<V1ObjectMeta> => Objects.OfType<T>();

    public T Get<T>(string name) where T : IKubernetesObject<V1ObjectMeta> => All<T>().Single(one => one.Metadata.Name == name);

    /// <summary>A generated ConfigMap, by its name in the files.</summary>
    public V1ConfigMap Generated(string name) =>
        All<V1ConfigMap>().Single(map => map.Metadata.Name[..map.Metadata.Name.LastIndexOf('-')] == name);

    public V1Container Container(string name) =>
        Workloads.SelectMany(workload => workload.Pod.Spec.Containers).Single(container => container.Name == name);

    /// <summary>
    /// A container's environment, with settings and references to other variables resolved; for a Secret, its name and key.
    /// </summary>
    public IReadOnlyDictionary<string, string> EnvironmentOf(V1Container container)
    {
        var environment = new Dictionary<string, string>();
        foreach (var variable in container.Env ?? [])
        {
            var value = variable.ValueFrom switch
            {
                { ConfigMapKeyRef: { } setting } => Get<V1ConfigMap>(setting.Name).Data[setting.Key],
                { SecretKeyRef: { } secret } => $"<{secret.Name} {secret.Key}>",
                _ => variable.Value ?? "",
            };
            environment[variable.Name] = environment.Aggregate(
                value, (text, other) => text.Replace($"$({other.Key})", other.Value, StringComparison.Ordinal));
        }

        return environment;
    }
}

/// <summary>An object that creates pods, with its pod template.</summary>
internal sealed record Workload(string Kind, V1ObjectMeta Metadata, V1LabelSelector? Selector, V1PodTemplateSpec Pod)
{
    public string Name => Metadata.Name;

    public string Namespace => Metadata.NamespaceProperty;

    public IEnumerable<V1Container> Containers => [.. Pod.Spec.InitContainers ?? [], .. Pod.Spec.Containers];

    public static Workload? Of(IKubernetesObject<V1ObjectMeta> one) => one switch
    {
        V1Deployment deployment => new(V1Deployment.KubeKind, deployment.Metadata, deployment.Spec.Selector, deployment.Spec.Template),
        V1StatefulSet set => new(V1StatefulSet.KubeKind, set.Metadata, set.Spec.Selector, set.Spec.Template),
        V1DaemonSet set => new(V1DaemonSet.KubeKind, set.Metadata, set.Spec.Selector, set.Spec.Template),
        V1Job job => new(V1Job.KubeKind, job.Metadata, job.Spec.Selector, job.Spec.Template),
        _ => null,
    };

    public bool IsSelectedBy(V1LabelSelector selector) => Labels.Match(Pod.Metadata.Labels, selector);
}

/// <summary>Matches labels as the Kubernetes API does.</summary>
internal static class Labels
{
    public static bool Match(IDictionary<string, string>? labels, V1LabelSelector selector) =>
        Match(labels, selector.MatchLabels) && (selector.MatchExpressions ?? []).All(expression => expression.OperatorProperty switch
        {
            "In" => labels?.TryGetValue(expression.Key, out var value) is true && expression.Values.Contains(value),
            "NotIn" => labels?.TryGetValue(expression.Key, out var value) is not true || !expression.Values.Contains(value),
            "Exists" => labels?.ContainsKey(expression.Key) is true,
            "DoesNotExist" => labels?.ContainsKey(expression.Key) is not true,
            var other => throw new InvalidOperationException($"There is no operator {other}."),
        });

    public static bool Match(IDictionary<string, string>? labels, IDictionary<string, string>? wanted) =>
        (wanted ?? new Dictionary<string, string>())
            .All(pair => labels?.TryGetValue(pair.Key, out var value) is true && value == pair.Value);
}
