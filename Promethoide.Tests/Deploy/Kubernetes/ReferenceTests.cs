using System.Text.RegularExpressions;
using k8s.Models;

namespace Promethoide.Tests.Deploy.Kubernetes;

/// <summary>The API server accepts a name that leads nowhere; it fails only at run time.</summary>
public sealed partial class ReferenceTests
{
    // Created outside these files: certificates, and the address that Prometheus writes to.
    private static readonly string[] OptionalSecrets = ["remote-write"];

    public static TheoryData<string> Overlays => Manifests.Overlays;

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Every_selector_finds_the_pods_that_it_is_for_and_no_others(string overlay)
    {
        var manifests = await Manifests.OfAsync(overlay);

        Assert.All(manifests.Workloads.Where(workload => workload.Selector is not null), workload =>
            Assert.Equal([workload.Name], Selected(manifests, workload.Namespace, workload.Selector!)));
        Assert.All(manifests.All<V1Service>(), service =>
            Assert.Equal(
                [service.Metadata.Name],
                Selected(manifests, service.Metadata.NamespaceProperty, new() { MatchLabels = service.Spec.Selector })));
        Assert.All(manifests.All<V1PodDisruptionBudget>(), budget =>
            Assert.Equal([budget.Metadata.Name], Selected(manifests, budget.Metadata.NamespaceProperty, budget.Spec.Selector)));
        Assert.All(
            manifests.Workloads.SelectMany(
                workload => workload.Pod.Spec.TopologySpreadConstraints ?? [], (workload, spread) => (workload, spread)),
            one => Assert.Equal([one.workload.Name], Selected(manifests, one.workload.Namespace, one.spread.LabelSelector)));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Every_port_is_one_that_a_container_or_a_Service_has(string overlay)
    {
        var manifests = await Manifests.OfAsync(overlay);

        foreach (var service in manifests.All<V1Service>())
        {
            var workload = manifests.Workloads.Single(one => one.Name == service.Metadata.Name);
            Assert.All(
                service.Spec.Ports,
                port => Assert.Contains(
                    workload.Containers.SelectMany(container => container.Ports ?? []),
                    containerPort => containerPort.Name == port.TargetPort && containerPort.ContainerPort == port.Port));
        }

        foreach (var container in manifests.Workloads.SelectMany(workload => workload.Containers))
        {
            var ports = (container.Ports ?? []).SelectMany(port => (string[])[port.Name, $"{port.ContainerPort}"]).ToList();
            V1Probe?[] probes = [container.StartupProbe, container.ReadinessProbe, container.LivenessProbe];
            Assert.All(
                probes.OfType<V1Probe>().Where(probe => probe.Exec is null),
                probe => Assert.Contains((string)(probe.HttpGet?.Port ?? probe.TcpSocket.Port), ports));
            Assert.All(container.Ports ?? [], port => Assert.Matches("^[a-z0-9-]{1,15}$", port.Name));
        }

        var backends = manifests.All<V1Ingress>().SelectMany(
            ingress => ingress.Spec.Rules.SelectMany(rule => rule.Http.Paths),
            (ingress, path) => (ingress.Metadata.NamespaceProperty, path.Backend.Service)).ToList();
        Assert.Equal(["apache", "grafana"], backends.Select(backend => backend.Service.Name).Order());
        Assert.All(backends, backend =>
            Assert.Contains(manifests.All<V1Service>(), service => service.Metadata.NamespaceProperty == backend.NamespaceProperty
                && service.Metadata.Name == backend.Service.Name
                && service.Spec.Ports.Any(port => port.Name == backend.Service.Port.Name)));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Every_variable_comes_from_a_setting_or_a_Secret_that_is_there_and_refers_to_what_stands_before_it(string overlay)
    {
        var manifests = await Manifests.OfAsync(overlay);

        foreach (var (workload, container) in manifests.Workloads.SelectMany(
            workload => workload.Containers, (workload, container) => (workload, container)))
        {
            var before = new List<string>();
            foreach (var variable in container.Env ?? [])
            {
                if (variable.ValueFrom?.ConfigMapKeyRef is { } setting)
                {
                    Assert.Contains(manifests.All<V1ConfigMap>(), map => map.Metadata.NamespaceProperty == workload.Namespace
                        && map.Metadata.Name == setting.Name
                        && map.Data.ContainsKey(setting.Key));
                }
                else if (variable.ValueFrom?.SecretKeyRef is { } secret)
                {
                    Assert.Contains(
                        $"{workload.Namespace}/{secret.Name} {secret.Key}",
                        secret.Optional is true ? KubernetesReadme.OptionalSecrets : KubernetesReadme.Secrets);
                }

                Assert.All(Variable().Matches(variable.Value ?? ""), reference => Assert.Contains(reference.Groups[1].Value, before));
                before.Add(variable.Name);
            }

            Assert.Equal(before.Count, before.Distinct().Count());
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Every_mount_has_a_volume_every_volume_a_mount_and_its_source_is_there(string overlay)
    {
        var manifests = await Manifests.OfAsync(overlay);
        var used = manifests.Workloads.SelectMany(workload => workload.Containers)
            .SelectMany(container => container.Env ?? [])
            .Select(variable => variable.ValueFrom?.ConfigMapKeyRef?.Name)
            .OfType<string>()
            .ToHashSet();

        foreach (var workload in manifests.Workloads)
        {
            var volumes = workload.Pod.Spec.Volumes ?? [];
            var claims = manifests.All<V1StatefulSet>()
                .SingleOrDefault(set => set.Metadata.Name == workload.Name)?.Spec.VolumeClaimTemplates
                ?? [];
            Assert.Equal(
                volumes.Select(volume => volume.Name).Concat(claims.Select(claim => claim.Metadata.Name)).Order(),
                workload.Containers.SelectMany(container => container.VolumeMounts ?? []).Select(mount => mount.Name).Distinct().Order());
            Assert.All(
                workload.Containers,
                container => Assert.Equal(
                    (container.VolumeMounts ?? []).Count,
                    (container.VolumeMounts ?? []).Select(mount => mount.MountPath).Distinct().Count()));

            var maps = volumes.Select(volume => volume.ConfigMap?.Name)
                .Concat(volumes.SelectMany(volume => volume.Projected?.Sources ?? []).Select(source => source.ConfigMap.Name))
                .OfType<string>()
                .ToList();
            Assert.All(
                maps,
                map => Assert.Contains(
                    manifests.All<V1ConfigMap>(), one => one.Metadata.Name == map && one.Metadata.NamespaceProperty == workload.Namespace));
            used.UnionWith(maps);
            Assert.All(volumes.Where(volume => volume.PersistentVolumeClaim is not null), volume =>
                Assert.Contains(
                    manifests.All<V1PersistentVolumeClaim>(),
                    claim => claim.Metadata.Name == volume.PersistentVolumeClaim.ClaimName
                        && claim.Metadata.NamespaceProperty == workload.Namespace));
            Assert.All(volumes.Where(volume => volume.Secret is not null), volume =>
            {
                Assert.Equal(OptionalSecrets.Contains(volume.Secret.SecretName), volume.Secret.Optional is true);
                Assert.True(
                    volume.Secret.Optional is true
                        || KubernetesReadme.Secrets.Any(secret =>
                            secret.StartsWith($"{workload.Namespace}/{volume.Secret.SecretName} ", StringComparison.Ordinal)),
                    volume.Secret.SecretName);
            });
            // A file mounted individually must be in its ConfigMap.
            Assert.All(
                workload.Containers.SelectMany(container => container.VolumeMounts ?? []).Where(mount => mount.SubPath is not null),
                mount => Assert.Contains(
                    mount.SubPath,
                    manifests.Get<V1ConfigMap>(volumes.Single(volume => volume.Name == mount.Name).ConfigMap.Name).Data.Keys));
        }

        Assert.Equal(manifests.All<V1ConfigMap>().Select(map => map.Metadata.Name).Order(), used.Order());
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task What_a_StatefulSet_an_autoscaler_and_a_binding_refer_to_is_there(string overlay)
    {
        var manifests = await Manifests.OfAsync(overlay);

        Assert.All(
            manifests.All<V1StatefulSet>(),
            set => Assert.Contains(manifests.All<V1Service>(), service =>
                service.Metadata.Name == set.Spec.ServiceName && service.Metadata.NamespaceProperty == set.Metadata.NamespaceProperty));
        Assert.All(manifests.Workloads.Where(workload => workload.Pod.Spec.ServiceAccountName is not null), workload =>
            Assert.Contains(manifests.All<V1ServiceAccount>(), account =>
                account.Metadata.Name == workload.Pod.Spec.ServiceAccountName && account.Metadata.NamespaceProperty == workload.Namespace));
        Assert.All(manifests.All<V1RoleBinding>(), binding =>
        {
            Assert.Contains(manifests.All<V1Role>(), role => role.Metadata.Name == binding.RoleRef.Name
                && role.Metadata.NamespaceProperty == binding.Metadata.NamespaceProperty
                && binding.RoleRef.Kind == V1Role.KubeKind);
            Assert.All(
                binding.Subjects,
                subject => Assert.Contains(
                    manifests.All<V1ServiceAccount>(),
                    account => account.Metadata.Name == subject.Name && account.Metadata.NamespaceProperty == subject.NamespaceProperty));
        });
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Either_an_autoscaler_or_the_Deployment_says_how_many_replicas_there_are(string overlay)
    {
        var manifests = await Manifests.OfAsync(overlay);
        var scaled = manifests.All<V2HorizontalPodAutoscaler>().ToDictionary(scaler => scaler.Spec.ScaleTargetRef.Name);

        Assert.Equal(["rest-api", "web"], scaled.Keys.Order());
        Assert.All(scaled.Values, scaler =>
            Assert.Equal(("apps/v1", V1Deployment.KubeKind), (scaler.Spec.ScaleTargetRef.ApiVersion, scaler.Spec.ScaleTargetRef.Kind)));
        Assert.All(
            manifests.All<V1Deployment>(),
            deployment => Assert.Equal(scaled.ContainsKey(deployment.Metadata.Name), deployment.Spec.Replicas is null));
        // CPU utilization is a percentage of the request.
        Assert.All(scaled.Keys, name => Assert.True(manifests.Container(name).Resources.Requests.ContainsKey("cpu")));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Every_setting_of_an_overlay_has_an_effect(string overlay)
    {
        var manifests = await Manifests.OfAsync(overlay);
        var replaced = string.Concat(
            ((string[])[Path.Combine(Manifests.Folder, "settings"), Path.Combine(Manifests.Folder, "overlays", overlay)])
                .Select(folder => File.ReadAllText(Path.Combine(folder, "kustomization.yaml"))));
        var read = manifests.Workloads.SelectMany(workload => workload.Containers)
            .SelectMany(container => container.Env ?? [])
            .Select(variable => variable.ValueFrom?.ConfigMapKeyRef?.Key)
            .ToHashSet();

        Assert.All(((string[])["desk", "database", "operations"]).SelectMany(map => manifests.Generated(map).Data.Keys), key =>
            Assert.True(read.Contains(key) || Regex.IsMatch(replaced, $@"fieldPath: data\.{key}\b"), key));
        // The placeholders in the files have been replaced.
        string[] placeholders =
        [
            "INGRESS_CLASS", "INGRESS_NAMESPACE", "DESK_HOST", "GRAFANA_HOST", "KUBERNETES_API_CIDR", "POSTGRES_CIDR", "GF_SMTP_CIDR",
        ];
        Assert.All(placeholders, placeholder =>
            Assert.DoesNotMatch($@"(: |- )""?{placeholder}""?(\n|$)", ConfigMapKey().Replace(manifests.Text, "")));
    }

    private static IEnumerable<string> Selected(Manifests manifests, string where, V1LabelSelector selector) =>
        manifests.Workloads.Where(workload => workload.Namespace == where && workload.IsSelectedBy(selector))
            .Select(workload => workload.Name);

    [GeneratedRegex(@"(?<!\$)\$\((\w+)\)")]
    private static partial Regex Variable();

    // In a container's environment the same words are names.
    [GeneratedRegex(@"(key|name): \w+")]
    private static partial Regex ConfigMapKey();
}
