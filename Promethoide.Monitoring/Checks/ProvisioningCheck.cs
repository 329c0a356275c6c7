namespace Promethoide.Monitoring.Checks;

/// <summary>
/// What would stop Grafana at its start, or mislead it without a word, in the files it is provisioned with: as strict as the stricter of its versions
/// from 11 to 13. Read in Grafana's source (pkg/services/provisioning) and in what people report.
/// </summary>
internal sealed class ProvisioningCheck
{
    private const string Provisioning = "grafana/provisioning";

    private static readonly string[] Kinds = ["datasources", "dashboards", "alerting"];

    private readonly string _folder;

    private ProvisioningCheck(string folder) => _folder = folder;

    /// <summary>By file and line.</summary>
    public List<Finding> Findings { get; } = [];

    /// <summary>How many files were read.</summary>
    public int Files { get; private set; }

    /// <param name="folder">The folder that has <c>grafana/provisioning</c>: <c>monitoring/</c> in the repository.</param>
    /// <exception cref="DirectoryNotFoundException">It has none.</exception>
    public static ProvisioningCheck Of(string folder)
    {
        MonitoringFolder.Require(folder, Provisioning);
        var check = new ProvisioningCheck(folder);
        check.Run();
        check.Findings.Sort((one, other) => (one.File, one.Line).CompareTo((other.File, other.Line)));
        return check;
    }

    private void Run()
    {
        var files = Read(Provisioning).ToList();
        var kinds = Kinds.ToDictionary(kind => kind, kind => files
            .Where(file => Path.GetDirectoryName(file.Source.File) == $"{Provisioning}/{kind}")
            .Where(file => Suffix(file.Source, kind))
            .Select(file => YamlFile.Read(file.Source, file.Text))
            .OfType<YamlFile>()
            .ToList());

        foreach (var (source, _) in files.Where(file => !Kinds.Contains(Path.GetRelativePath(Provisioning, Path.GetDirectoryName(file.Source.File)!))))
        {
            source.Add(1, $"Grafana does not look here; move it to {string.Join(", ", Kinds.Select(kind => $"{Provisioning}/{kind}"))}, or delete it");
        }

        var dashboards = Read(Dashboards.Folder).Where(file => Path.GetExtension(file.Source.File) == ".json").ToList();

        // With foldersFromFilesStructure, the folders on disk give theirs.
        var folders = dashboards.Select(file => Path.GetFileName(Path.GetDirectoryName(file.Source.File)!)).Concat(ProvidersCheck.Check(kinds["dashboards"]));
        AlertingCheck.Check(kinds["alerting"], new Surroundings(DatasourcesCheck.Check(kinds["datasources"]), Dashboards.Read(dashboards), [.. folders]));
    }

    private static bool Suffix(Source source, string kind)
    {
        if (Path.GetExtension(source.File) is ".yaml" or ".yml" || (kind == "alerting" && source.File.EndsWith(".json", StringComparison.Ordinal)))
        {
            return true;
        }

        source.Add(1, "Grafana reads no such file here; name it .yaml, or delete it");
        return false;
    }

    private IEnumerable<(Source Source, string Text)> Read(string below)
    {
        var root = Path.Combine(_folder, below);
        if (!Directory.Exists(root))
        {
            yield break;
        }

        foreach (var path in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            Files++;
            var source = new Source(Path.GetRelativePath(_folder, path).Replace('\\', '/'), Findings);

            // In a container, Grafana is a user that has nothing to do with the one who wrote the file.
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & UnixFileMode.OtherRead) == 0)
            {
                source.Add(1, "not everybody may read this, so that Grafana in a container may not, and stops; chmod o+r");
            }

            yield return (source, File.ReadAllText(path));
        }
    }
}
