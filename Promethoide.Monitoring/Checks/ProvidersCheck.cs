namespace Promethoide.Monitoring.Checks;

/// <summary>Files below <c>provisioning/dashboards</c>: from where Grafana takes dashboards.</summary>
internal static class ProvidersCheck
{
    private static readonly string[] FileKeys = ["apiVersion", "providers"];

    private static readonly string[] Keys =
        ["name", "orgId", "type", "folder", "folderUid", "disableDeletion", "updateIntervalSeconds", "allowUiUpdates", "editable", "options"];

    private static readonly string[] OptionKeys = ["path", "foldersFromFilesStructure"];

    /// <returns>The titles of the folders that the dashboards get.</returns>
    public static IReadOnlyCollection<string> Check(IEnumerable<YamlFile> files)
    {
        var (names, folders) = (new List<Named>(), new List<string>());
        foreach (var file in files)
        {
            var root = file.Map("dashboard provider file", FileKeys);
            Interpolation.Check(root.Source, file.Root);
            foreach (var provider in root.Maps("providers", "dashboard provider", Keys))
            {
                if (provider.RequiredName("name") is { } name)
                {
                    names.Add(name);
                }

                Check(provider);
                if (provider.Text("folder") is { } folder)
                {
                    folders.Add(folder);
                }
            }
        }

        names.MustBeUnique((name, first) => $"the dashboard provider '{name}' is also at {first}, which stops Grafana; write another name");
        return folders;
    }

    private static void Check(Map provider)
    {
        provider.OneOf("type", "file");
        provider.Integer("orgId");
        provider.Integer("updateIntervalSeconds");
        Uid.Check(provider.Text("folderUid") is { } uid ? new Named(uid, provider.Source, provider.LineOf("folderUid")) : null, "folder");
        foreach (var key in (string[])["disableDeletion", "allowUiUpdates", "editable"])
        {
            provider.Boolean(key);
        }

        if (provider.Child("options", "dashboard provider", OptionKeys) is not { } options)
        {
            provider.Source.Add(provider.Line, "a dashboard provider has no options.path, which stops Grafana; add it");
            return;
        }

        options.Required("path");
        options.Boolean("foldersFromFilesStructure");
        if (options.Text("foldersFromFilesStructure") == "true" && (provider.Text("folder") ?? provider.Text("folderUid")) is not null)
        {
            provider.Source.Add(options.LineOf("foldersFromFilesStructure"), "foldersFromFilesStructure excludes folder and folderUid, which stops Grafana; keep one of them");
        }
    }
}
