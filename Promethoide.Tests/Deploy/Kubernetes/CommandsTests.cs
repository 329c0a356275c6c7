using System.Text.RegularExpressions;
using k8s.Models;
using Promethoide.Tests.Fixtures;
using Promethoide.Tests.Monitoring;

namespace Promethoide.Tests.Deploy.Kubernetes;

/// <summary>
/// The kubectl commands in the runbooks and the README name objects that exist in <c>small</c> and programs that the image has.
/// </summary>
public sealed partial class CommandsTests
{
    // What each image has besides its own program; the .NET images have no shell.
    private static readonly Dictionary<string, string[]> Programs = new()
    {
        ["postgres"] = ["sh", "pg_isready", "du"],
        ["apache"] = ["httpd"],
        ["rest-api"] = ["dotnet"],
        ["web"] = ["dotnet"],
        ["smoke"] = ["dotnet"],
        ["prometheus"] = ["promtool", "du"],
        ["blackbox-exporter"] = ["blackbox_exporter"],
        ["grafana"] = ["grafana"],
    };

    // Kinds, by the names that kubectl accepts.
    private static readonly Dictionary<string, string> Kinds = new()
    {
        ["deploy"] = V1Deployment.KubeKind, ["deployment"] = V1Deployment.KubeKind, ["statefulset"] = V1StatefulSet.KubeKind,
        ["daemonset"] = V1DaemonSet.KubeKind, ["job"] = V1Job.KubeKind, ["svc"] = V1Service.KubeKind, ["secret"] = V1Secret.KubeKind,
        ["pod"] = V1Pod.KubeKind,
    };

    private static IReadOnlyList<string> OfRunbooks { get; } =
    [
        .. RunbookFiles.Pages.SelectMany(RunbookFiles.CommandsOf)
            .Where(command => command.StartsWith("kubectl ", StringComparison.Ordinal))
            .Distinct(),
    ];

    private static IEnumerable<string> All =>
        OfRunbooks.Concat(KubernetesReadme.Commands.Where(command => command.StartsWith("kubectl ", StringComparison.Ordinal)));

    [Fact]
    public void There_are_commands_for_each_page() => Assert.InRange(OfRunbooks.Count, 45, int.MaxValue);

    [Fact]
    public async Task Every_namespace_object_label_and_container_is_there()
    {
        var manifests = await Manifests.OfAsync("small");
        var namespaces = manifests.All<V1Namespace>().Select(one => one.Metadata.Name).ToHashSet();
        var wrong = new List<string>();
        foreach (var command in All)
        {
            var where = Namespace().Match(command) is { Success: true } match ? match.Groups[1].Value : null;
            var named = Named().Matches(command)
                .Select(one => (Kind: Kinds[one.Groups["kind"].Value], Name: one.Groups["name"].Value))
                .ToList();
            var labelled = Label().Matches(command).Select(label => label.Groups[1].Value.Split('=')).ToList();
            var workload = named.Count > 0
                ? manifests.Workloads.FirstOrDefault(one => one.Name == named[0].Name)
                : labelled.Count > 0
                    ? manifests.Workloads.FirstOrDefault(one =>
                        Labels.Match(one.Pod.Metadata.Labels, new Dictionary<string, string> { [labelled[0][0]] = labelled[0][1] }))
                    : null;

            // Every object of kubectl apply -k names its own namespace.
            if (where is null ? !WithoutNamespace().IsMatch(command) : !namespaces.Contains(where)
                || named.Any(one => !IsThere(manifests, where!, one.Kind, one.Name))
                || labelled.Any(label =>
                    !manifests.Objects.Select(one => one.Metadata.Labels)
                        .Concat(manifests.Workloads.Where(one => where is null || one.Namespace == where)
                            .Select(one => one.Pod.Metadata.Labels))
                        .Any(labels => Labels.Match(labels, new Dictionary<string, string> { [label[0]] = label[1] })))
                || Container().Match(command) is { Success: true } container
                    && workload?.Pod.Spec.Containers.Any(one => one.Name == container.Groups[1].Value) is not true)
            {
                wrong.Add(command);
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Every_program_is_one_that_the_image_has()
    {
        var run = All.Select(command => Exec().Match(command)).Where(match => match.Success).ToList();

        Assert.InRange(run.Count, 15, int.MaxValue);
        Assert.All(
            run, match => Assert.Contains(match.Groups["program"].Value, Programs.GetValueOrDefault(match.Groups["name"].Value, [])));
    }

    [Fact]
    public async Task Every_command_and_option_is_one_of_kubectl()
    {
        foreach (var commands in All
            .Select(command => (Command: command, Words: Options().Match(WithoutNamespaceOption().Replace(command, "kubectl "))))
            .GroupBy(one => one.Words.Groups["verb"].Value.Trim()))
        {
            var help = await Tool.RunAsync(await Manifests.KubectlAsync(), [.. commands.Key.Split(' '), "--help"]);
            Assert.True(help.ExitCode == 0, $"{commands.Key}: {help.Error}");
            Assert.All(
                commands
                    .SelectMany(one => Option().Matches(Quoted().Replace(one.Command, "").Split(" -- ")[0].Split(" | ")[0])
                        .Select(option => option.Groups[1].Value))
                    .SelectMany(option =>
                        option.StartsWith("--", StringComparison.Ordinal) ? [option] : option.Skip(1).Select(letter => $"-{letter}"))
                    .Where(option => option is not ("-n" or "--as"))
                    .Distinct(),
                option => Assert.Matches($@"(?m)^\s+(-\w, )?{option}\b|^\s+{option}[,=]", help.Output));
        }
    }

    [Fact]
    public void Every_overlay_that_is_applied_is_there() => Assert.All(
        All.Select(command => Applied().Match(command)).Where(match => match.Success),
        match => Assert.True(
            Path.Exists(match.Groups[1].Value.StartsWith("deploy/", StringComparison.Ordinal)
                ? Repository.Combine(match.Groups[1].Value)
                : Path.Combine(Manifests.Folder, match.Groups[1].Value)),
            match.Value));

    // The installation creates the Secrets; a StatefulSet's pod has the set's name and a number.
    private static bool IsThere(Manifests manifests, string where, string kind, string name) => kind switch
    {
        V1Secret.KubeKind => KubernetesReadme.Secrets.Any(secret => secret.StartsWith($"{where}/{name} ", StringComparison.Ordinal))
            || name is "generic" or "tls",
        V1Pod.KubeKind => name == "-l" || name.EndsWith("-0", StringComparison.Ordinal)
            && manifests.All<V1StatefulSet>().Any(set => set.Metadata.NamespaceProperty == where && set.Metadata.Name == name[..^2]),
        _ => name == "--all"
            || manifests.Objects.Any(one => one.Kind == kind && one.Metadata.NamespaceProperty == where && one.Metadata.Name == name),
    };

    [GeneratedRegex(@"^kubectl (?:auth can-i list pods )?-n ([\w-]+) ")]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^kubectl (apply|delete|top pods -A|get pods -A|auth) ?")]
    private static partial Regex WithoutNamespace();

    [GeneratedRegex(@"(?<= )(?<kind>deploy|deployment|statefulset|daemonset|job|svc|secret|pod)[/ ](?<name>[\w-]+)")]
    private static partial Regex Named();

    [GeneratedRegex(@" -l ([\w./-]+=[\w-]+)")]
    private static partial Regex Label();

    [GeneratedRegex(@" -c ([\w-]+)(?= |$)(?=[^']*$)")]
    private static partial Regex Container();

    [GeneratedRegex(@"exec (?:-\w+ )*\w+/(?<name>[\w-]+) (?:-c [\w-]+ )?-- (?<program>[\w-]+)")]
    private static partial Regex Exec();

    [GeneratedRegex(@"^kubectl (?<verb>(?:rollout (?:restart|status|undo)|create secret (?:generic|tls)|auth can-i|top pods|[a-z-]+))")]
    private static partial Regex Options();

    [GeneratedRegex(@"^kubectl -n [\w-]+ ")]
    private static partial Regex WithoutNamespaceOption();

    [GeneratedRegex(@"(?<= )(--?[a-z][a-z-]*)(?=[ =]|$)")]
    private static partial Regex Option();

    [GeneratedRegex("""\"(?:[^"\\]|\\.)*\"|'[^']*'""")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"-[kf] ([\w./-]+)")]
    private static partial Regex Applied();
}
