using System.Security.Cryptography;
using System.Text;
using Promethoide.Monitoring.Alerting;
using YamlDotNet.RepresentationModel;

namespace Promethoide.Monitoring.Checks;

/// <summary>
/// Reports what would stop Grafana at startup, or silently mislead it, in its provisioning files, and what violates our house style.
/// Prometheus' and Alertmanager's own tools check what Grafana adopted from them; the rest follows the source of Grafana 13 and user
/// reports on 11 and 12.
/// </summary>
internal sealed class ProvisioningCheck
{
    private const string Provisioning = "grafana/provisioning";

    private static readonly Dictionary<string, string> Kinds = new()
    {
        ["datasources"] = "data_source_file",
        ["dashboards"] = "dashboard_provider_file",
        ["alerting"] = "file_of_alerts",
    };

    private readonly string _folder;

    private readonly IReadOnlyList<GeneratedFile> _instead;

    private ProvisioningCheck(string folder, IReadOnlyList<GeneratedFile> instead) => (_folder, _instead) = (folder, instead);

    /// <summary>By file and line.</summary>
    public List<Finding> Findings { get; } = [];

    /// <summary>The number of files read.</summary>
    public int Files { get; private set; }

    /// <param name="folder">The folder that contains <c>grafana/provisioning</c>: <c>monitoring/</c> in the repository.</param>
    /// <param name="tools">Check Prometheus' and Alertmanager's part.</param>
    /// <param name="instead">Files to check instead of those on disk.</param>
    /// <exception cref="DirectoryNotFoundException">The folder contains none.</exception>
    public static ProvisioningCheck Of(string folder, Tools tools, IReadOnlyList<GeneratedFile>? instead = null)
    {
        if (instead is null)
        {
            MonitoringFolder.Require(folder, Provisioning);
        }

        var check = new ProvisioningCheck(folder, instead ?? []);
        check.Run(tools);

        // An error already says it.
        var seen = new HashSet<Finding>();
        var errors = check.Findings.Where(finding => !finding.IsStyle).Select(finding => (finding.File, finding.Line)).ToHashSet();
        check.Findings.RemoveAll(finding => !seen.Add(finding) || (finding.IsStyle && errors.Contains((finding.File, finding.Line))));
        check.Findings.Sort((one, other) => (one.File, one.Line).CompareTo((other.File, other.Line)));
        return check;
    }

    private void Run(Tools tools)
    {
        var files = Kinds.Keys.ToDictionary(kind => kind, _ => new List<(Source Source, YamlMappingNode Root)>());
        foreach (var (source, text) in Read(Provisioning))
        {
            var kind = Path.GetFileName(Path.GetDirectoryName(source.File))!;
            if (!files.TryGetValue(kind, out var known) || Path.GetDirectoryName(source.File) != $"{Provisioning}/{kind}")
            {
                source.Add(
                    1,
                    $"Grafana does not look here; move it to {string.Join(", ", Kinds.Keys.Select(each => $"{Provisioning}/{each}"))}, "
                    + "or delete it");
            }
            else if (Path.GetExtension(source.File) is not (".yaml" or ".yml")
                && !(kind == "alerting" && source.File.EndsWith(".json", StringComparison.Ordinal)))
            {
                source.Add(1, "Grafana reads no such file here; name it .yaml, or delete it");
            }
            else if (Yaml.Parse(text, source.Add) is { } root)
            {
                known.Add((source, root));
                Schema.Check(source, root, Kinds[kind]);
                Interpolation.Check(source, root);
            }
        }

        var datasources = Datasources(files["datasources"]);
        var folders = Providers(files["dashboards"]);
        var read = Read(Dashboards.Folder).Where(file => Path.GetExtension(file.Source.File) == ".json").ToList();

        // With foldersFromFilesStructure, the folders on disk set the titles.
        var knownNames = new KnownNames(
            datasources,
            new Dashboards(read, datasources.Keys),
            [.. read.Select(file => Path.GetFileName(Path.GetDirectoryName(file.Source.File)!)).Concat(folders)]);
        var (promtool, notifications) = (new Promtool(), new NotificationsCheck(files["alerting"]));
        notifications.Check(RulesCheck.Check(files["alerting"], knownNames, promtool), tools);
        if (tools.Has("promtool"))
        {
            var onDisk = files.Values.SelectMany(each => each).Select(file => file.Source)
                .Concat(Sources(PrometheusRules.Folder).Where(source => source.File.EndsWith(".yml", StringComparison.Ordinal)))
                .Where(source => !_instead.Any(file => file.Path == source.File));
            promtool.Judge(tools, Path.GetFullPath(_folder), [.. onDisk]);
        }
    }

    // The uids and types of the data sources.
    private static Dictionary<string, string> Datasources(IEnumerable<(Source Source, YamlMappingNode Root)> files)
    {
        var all = files.SelectMany(file => file.Root.Items("datasources").Select(node => (file.Source, Node: node))).ToList();
        var uids = new List<(NamedItem Uid, string Type)>();
        foreach (var (source, node) in all)
        {
            if (node.Text("uid") is null)
            {
                source.Style(node.Line(), "the data source has no uid, so that Grafana makes one of its name; write uid");
            }

            if (node.Text("access") is { } access and not ("proxy" or "direct"))
            {
                source.Style(node.LineOf("access"), $"Grafana does not know the access '{access}' and takes proxy; write proxy");
            }

            if (node.Text("type") == "prometheus" && node.Text("url") is null)
            {
                source.Add(node.Line(), "a Prometheus data source has no url, so that no query is answered; add it");
            }

            // As Grafana does.
            var uid = node.Text("uid") ?? "P" + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(node.Text("name") ?? "")))[..16];
            uids.Add((new NamedItem(uid, source, node.LineOf("uid")), node.Text("type") ?? ""));
        }

        NamesOf(all, "name").MustBeUnique((name, first) =>
            $"the data source '{name}' is also at {first}, which would be overwritten; write another name");
        uids.Select(uid => uid.Uid).MustBeUnique((uid, first) => $"the data source uid '{uid}' is also at {first}; write another");
        all.Where(source => Schema.Boolean(source.Node.Text("isDefault")) == true)
            .Select(source => new NamedItem(source.Node.Text("orgId") ?? "1", source.Source, source.Node.LineOf("isDefault")))
            .MustBeUnique((_, first) => $"two data sources are the default, which stops Grafana; keep that of {first}, or this one");
        return uids.GroupBy(uid => uid.Uid.Name).ToDictionary(same => same.Key, same => same.First().Type);
    }

    // The titles of the dashboards' folders.
    private static IEnumerable<string> Providers(IEnumerable<(Source Source, YamlMappingNode Root)> files)
    {
        var all = files.SelectMany(file => file.Root.Items("providers").Select(node => (file.Source, Node: node))).ToList();
        NamesOf(all, "name").MustBeUnique((name, first) =>
            $"the dashboard provider '{name}' is also at {first}, which stops Grafana; write another name");
        foreach (var (source, node) in all.Where(provider =>
            Schema.Boolean(provider.Node.Child("options")?.Text("foldersFromFilesStructure")) == true
                && (provider.Node.Text("folder") ?? provider.Node.Text("folderUid")) is not null))
        {
            source.Add(
                node.Child("options")!.LineOf("foldersFromFilesStructure"),
                "foldersFromFilesStructure excludes folder and folderUid, which stops Grafana; keep one of them");
        }

        return all.Select(provider => provider.Node.Text("folder")).OfType<string>();
    }

    /// <summary>A key's values, and where they are.</summary>
    public static IEnumerable<NamedItem> NamesOf(IEnumerable<(Source Source, YamlMappingNode Node)> all, string key) =>
        all.Where(each => each.Node.Text(key) is not null)
            .Select(each => new NamedItem(each.Node.Text(key)!, each.Source, each.Node.LineOf(key)));

    private IEnumerable<(Source Source, string Text)> Read(string below)
    {
        foreach (var source in Sources(below))
        {
            if (_instead.FirstOrDefault(file => file.Path == source.File) is { } other)
            {
                yield return (source, other.Content);
                continue;
            }

            Files++;
            var path = Path.Combine(_folder, source.File);

            // In a container, Grafana's user is unrelated to the file's owner.
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & UnixFileMode.OtherRead) == 0)
            {
                source.Add(1, "not everybody may read this, so that Grafana in a container may not, and stops; chmod o+r");
            }

            // Handles a byte order mark, if there is one.
            yield return (source, Encoding.UTF8.GetString(File.ReadAllBytes(path)));
        }
    }

    private IEnumerable<Source> Sources(string below)
    {
        var root = Path.Combine(_folder, below);
        var onDisk = Directory.Exists(root)
            ? Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(_folder, path).Replace('\\', '/'))
            : [];
        return onDisk.Union(_instead.Select(file => file.Path).Where(path => path.StartsWith($"{below}/", StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal)
            .Select(file => new Source(file, Findings));
    }
}
