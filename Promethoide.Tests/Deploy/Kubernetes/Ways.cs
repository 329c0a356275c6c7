using k8s.Models;

namespace Promethoide.Tests.Deploy.Kubernetes;

/// <summary>Who may open a connection to whom, according to an overlay's NetworkPolicies.</summary>
internal sealed class Ways(Manifests manifests)
{
    public const string Dns = "DNS";

    /// <summary>Each way: source, destination and port. A name stands for a pod or for something outside.</summary>
    public IEnumerable<(string From, string To, int Port)> Allowed =>
        Egress.Where(way => !IsPod(way.To) || Ingress.Contains(way)).Concat(Ingress.Where(way => !IsPod(way.From))).Distinct();

    /// <summary>Allowed by one side only: no traffic passes, although one policy suggests otherwise.</summary>
    public IEnumerable<(string From, string To, int Port)> HalfAllowed =>
        Egress.Where(way => IsPod(way.To)).Except(Ingress).Concat(Ingress.Where(way => IsPod(way.From)).Except(Egress));

    /// <summary>Pods without a default-deny policy.</summary>
    public IEnumerable<string> Undenied =>
        manifests.Workloads
            .Where(workload =>
                !((string[])["Ingress", "Egress"])
                    .All(type => manifests.All<V1NetworkPolicy>()
                        .Any(policy => policy.Spec.PolicyTypes.Contains(type) && Applies(policy, workload))))
            .Select(workload => workload.Name);

    private IEnumerable<(string From, string To, int Port)> Egress =>
        Rules("Egress", policy => (policy.Spec.Egress ?? []).Select(rule => (rule.To, rule.Ports)))
            .Select(way => (way.Pod, way.Peer, way.Port));

    private IEnumerable<(string From, string To, int Port)> Ingress =>
        Rules("Ingress", policy => (policy.Spec.Ingress ?? []).Select(rule => (rule.FromProperty, rule.Ports)))
            .Select(way => (way.Peer, way.Pod, way.Port));

    private IEnumerable<(string Pod, string Peer, int Port)> Rules(
        string type, Func<V1NetworkPolicy, IEnumerable<(IList<V1NetworkPolicyPeer> Peers, IList<V1NetworkPolicyPort> Ports)>> rules) =>
        from policy in manifests.All<V1NetworkPolicy>()
        where policy.Spec.PolicyTypes.Contains(type)
        from workload in manifests.Workloads
        where Applies(policy, workload)
        from rule in rules(policy)
        from peer in Everybody(rule.Peers).SelectMany(peer => NamesOf(peer, policy))
        from port in Everybody(rule.Ports)
        select (workload.Name, peer, int.Parse(port.Port, System.Globalization.CultureInfo.InvariantCulture));

    private static bool Applies(V1NetworkPolicy policy, Workload workload) =>
        policy.Metadata.NamespaceProperty == workload.Namespace && workload.IsSelectedBy(policy.Spec.PodSelector);

    private bool IsPod(string name) => manifests.Workloads.Any(workload => workload.Name == name);

    // A rule without peers or ports allows all of them; no rule is meant to.
    private static IList<T> Everybody<T>(IList<T>? listed) =>
        listed is { Count: > 0 } ? listed : throw new InvalidOperationException("A rule allows everything.");

    private List<string> NamesOf(V1NetworkPolicyPeer peer, V1NetworkPolicy policy)
    {
        if (peer.IpBlock is not null)
        {
            return [policy.Metadata.Name switch
            {
                "prometheus-to-kubernetes" => "the Kubernetes API",
                "to-postgres" => "the PostgreSQL server",
                "to-mail" => "the mail server",
                var other => throw new InvalidOperationException($"Where does {other} lead?"),
            }];
        }

        var namespaces = peer.NamespaceSelector is null
            ? [policy.Metadata.NamespaceProperty]
            : manifests.All<V1Namespace>()
                .Select(one => one.Metadata.Name)
                .Where(name =>
                    Labels.Match(new Dictionary<string, string> { ["kubernetes.io/metadata.name"] = name }, peer.NamespaceSelector))
                .ToList();
        if (namespaces.Count == 0)
        {
            return [peer.PodSelector?.MatchLabels?.Contains(new("k8s-app", "kube-dns")) is true ? Dns : "the Ingress controller"];
        }

        var found = manifests.Workloads
            .Where(workload => namespaces.Contains(workload.Namespace) && workload.IsSelectedBy(peer.PodSelector ?? new()))
            .Select(workload => workload.Name)
            .ToList();
        // Each name that a selector lists must be one of them.
        var listed = (peer.PodSelector?.MatchExpressions ?? []).Sum(expression => expression.Values.Count);
        return found.Count > 0 && found.Count >= listed
            ? found
            : throw new InvalidOperationException($"{policy.Metadata.Name}: a selector finds {found.Count} pods.");
    }
}
