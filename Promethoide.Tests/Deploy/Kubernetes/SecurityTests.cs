using k8s.Models;

namespace Promethoide.Tests.Deploy.Kubernetes;

/// <summary>
/// What each pod may do. Pod Security "restricted" would reject a pod that breaks its rules; nobody would notice the rest.
/// </summary>
public sealed class SecurityTests
{
    private const string Nodes = "promethoide-nodes";

    private static readonly string[] RestrictedVolumes =
    [
        nameof(V1Volume.ConfigMap),
        nameof(V1Volume.EmptyDir),
        nameof(V1Volume.PersistentVolumeClaim),
        nameof(V1Volume.Projected),
        nameof(V1Volume.Secret),
    ];

    public static TheoryData<string> Overlays => Manifests.Overlays;

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Each_namespace_enforces_a_pinned_Pod_Security_standard(string overlay)
    {
        var manifests = await Manifests.OfAsync(overlay);

        Assert.All(manifests.All<V1Namespace>(), one => Assert.All((string[])["enforce", "warn", "audit"], mode =>
        {
            Assert.Equal(
                one.Metadata.Name == Nodes ? "privileged" : "restricted", one.Metadata.Labels[$"pod-security.kubernetes.io/{mode}"]);
            Assert.Equal("v1.35", one.Metadata.Labels[$"pod-security.kubernetes.io/{mode}-version"]);
        }));
        Assert.Equal(
            ["node-exporter"], manifests.Workloads.Where(workload => workload.Namespace == Nodes).Select(workload => workload.Name));
    }

    // The rules of https://kubernetes.io/docs/concepts/security/pod-security-standards/, "baseline" included.
    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Restricted_refuses_no_pod(string overlay)
    {
        foreach (var workload in (await Manifests.OfAsync(overlay)).Workloads.Where(workload => workload.Namespace != Nodes))
        {
            var pod = workload.Pod.Spec;
            Assert.True(pod.HostNetwork is null or false && pod.HostPID is null or false && pod.HostIPC is null or false, workload.Name);
            Assert.Null(pod.SecurityContext.Sysctls);
            Assert.Null(pod.SecurityContext.SeLinuxOptions);
            Assert.All(pod.Volumes ?? [], volume => Assert.Subset(
                RestrictedVolumes.ToHashSet(),
                typeof(V1Volume).GetProperties()
                    .Where(property => property.Name != nameof(V1Volume.Name) && property.GetValue(volume) is not null)
                    .Select(property => property.Name)
                    .ToHashSet()));
            Assert.All(workload.Containers, container =>
            {
                var own = container.SecurityContext;
                Assert.True(own.Privileged is null or false);
                Assert.False(own.AllowPrivilegeEscalation ?? true);
                Assert.Equal(["ALL"], own.Capabilities.Drop);
                Assert.Null(own.Capabilities.Add);
                Assert.Null(own.ProcMount);
                Assert.True(own.RunAsNonRoot ?? pod.SecurityContext.RunAsNonRoot);
                Assert.NotEqual(0, own.RunAsUser ?? pod.SecurityContext.RunAsUser ?? 0);
                Assert.Equal("RuntimeDefault", (own.SeccompProfile ?? pod.SecurityContext.SeccompProfile).Type);
                Assert.All(container.Ports ?? [], port => Assert.Null(port.HostPort));
                V1Probe?[] probes = [container.StartupProbe, container.ReadinessProbe, container.LivenessProbe];
                Assert.All(probes.OfType<V1Probe>(), probe => Assert.Null(probe.HttpGet?.Host ?? probe.TcpSocket?.Host));
            });
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Node_exporter_reads_the_node_and_may_do_nothing_else(string overlay)
    {
        var workload = (await Manifests.OfAsync(overlay)).Workloads.Single(one => one.Name == "node-exporter");
        var container = Assert.Single(workload.Containers);
        var pod = workload.Pod.Spec;

        Assert.True(pod is { HostNetwork: null or false, HostPID: null or false, SecurityContext: { RunAsNonRoot: true, RunAsUser: > 0 } });
        Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
        Assert.False(container.SecurityContext.AllowPrivilegeEscalation ?? true);
        Assert.All(
            pod.Volumes.Where(volume => volume.HostPath is not null),
            volume => Assert.True(container.VolumeMounts.Single(mount => mount.Name == volume.Name).ReadOnlyProperty));
        Assert.Equal(["Exists"], pod.Tolerations.Select(toleration => toleration.OperatorProperty));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Only_Prometheus_has_a_token_for_the_Kubernetes_API_and_may_read_pods_and_nothing_else(string overlay)
    {
        var manifests = await Manifests.OfAsync(overlay);

        Assert.All(
            manifests.Workloads, workload => Assert.Equal(workload.Name == "prometheus", workload.Pod.Spec.AutomountServiceAccountToken));
        Assert.Equal(
            [("promethoide", "pods", "get list watch"), ("promethoide-nodes", "pods", "get list watch")],
            manifests.All<V1Role>()
                .SelectMany(
                    role => role.Rules,
                    (role, rule) => (role.Metadata.NamespaceProperty, string.Join(' ', rule.Resources), string.Join(' ', rule.Verbs)))
                .Order());
        Assert.DoesNotContain(manifests.Objects, one => one is V1ClusterRole or V1ClusterRoleBinding);
    }

    // For a Service named postgres, POSTGRES_PORT would be tcp://… in every container of its namespace.
    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Services_set_no_variables(string overlay) =>
        Assert.All(
            (await Manifests.OfAsync(overlay)).Workloads,
            workload => Assert.False(workload.Pod.Spec.EnableServiceLinks ?? true, workload.Name));

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Each_container_writes_to_its_volumes_only_and_has_its_share_of_the_machine(string overlay)
    {
        foreach (var workload in (await Manifests.OfAsync(overlay)).Workloads)
        {
            Assert.All(workload.Containers, container =>
            {
                Assert.True(container.SecurityContext.ReadOnlyRootFilesystem, container.Name);
                Assert.All(
                    (string[])["cpu", "memory"],
                    resource => Assert.InRange(
                        container.Resources.Requests[resource].ToDecimal(), 0.001m, container.Resources.Limits[resource].ToDecimal()));
            });
            Assert.All(
                workload.Pod.Spec.Volumes ?? [],
                volume => Assert.True(volume.EmptyDir is null or { SizeLimit: not null }, $"{workload.Name} {volume.Name}"));
            // A pod that writes to a claim must be in the claim's group.
            Assert.True(workload.Pod.Spec.SecurityContext.FsGroup is not null || workload.Kind != V1StatefulSet.KubeKind
                && (workload.Pod.Spec.Volumes ?? []).All(volume => volume.PersistentVolumeClaim is null), workload.Name);
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task No_file_has_a_password(string overlay)
    {
        var manifests = await Manifests.OfAsync(overlay);

        Assert.Empty(manifests.All<V1Secret>());
        Assert.All(
            manifests.Workloads.SelectMany(workload => workload.Containers)
                .SelectMany(container => container.Env ?? [])
                .Where(variable => variable.Name.Contains("PASS", StringComparison.OrdinalIgnoreCase)
                    || variable.Name.EndsWith("Key", StringComparison.Ordinal)
                    || variable.Name.EndsWith("Secret", StringComparison.Ordinal)),
            variable => Assert.NotNull(variable.ValueFrom?.SecretKeyRef));
        Assert.DoesNotMatch(
            @"(?i)password=(?!\$\()",
            string.Concat(manifests.Workloads.SelectMany(workload => workload.Containers)
                .SelectMany(container => container.Env ?? [])
                .Select(variable => $"{variable.Value}\n")));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task An_update_and_a_drained_node_take_no_request_away(string overlay)
    {
        var manifests = await Manifests.OfAsync(overlay);

        Assert.All((string[])["rest-api", "web", "apache"], name =>
        {
            var update = manifests.Get<V1Deployment>(name).Spec.Strategy.RollingUpdate;
            Assert.Equal(("0", "1"), ((string)update.MaxUnavailable, (string)update.MaxSurge));
            Assert.Equal("1", (string)manifests.Get<V1PodDisruptionBudget>(name).Spec.MaxUnavailable);
            Assert.NotEmpty(manifests.Get<V1Deployment>(name).Spec.Template.Spec.TopologySpreadConstraints);
        });
        Assert.All((string[])["rest-api", "web"], name =>
        {
            var (pod, container) = (manifests.Get<V1Deployment>(name).Spec.Template.Spec, manifests.Container(name));
            Assert.Equal(("ops", "/alive"), ((string)container.StartupProbe.HttpGet.Port, container.StartupProbe.HttpGet.Path));
            Assert.Equal(("ops", "/health"), ((string)container.ReadinessProbe.HttpGet.Port, container.ReadinessProbe.HttpGet.Path));
            Assert.Equal(("ops", "/alive"), ((string)container.LivenessProbe.HttpGet.Port, container.LivenessProbe.HttpGet.Path));
            // Sleep, drain, and .NET's 30 s for requests in progress.
            var drain = int.Parse(
                manifests.EnvironmentOf(container)["Shutdown__DrainSeconds"], System.Globalization.CultureInfo.InvariantCulture);
            Assert.InRange(container.Lifecycle.PreStop.Sleep.Seconds + drain + 30, 31, pod.TerminationGracePeriodSeconds!.Value);
            Assert.Equal(overlay == "small" ? 3 : 4, manifests.Get<V2HorizontalPodAutoscaler>(name).Spec.MinReplicas);
        });
    }
}
