namespace Promethoide.Monitoring.Checks;

/// <summary>Files below <c>provisioning/datasources</c>.</summary>
internal static class DatasourcesCheck
{
    private static readonly string[] FileKeys = ["apiVersion", "prune", "datasources", "deleteDatasources"];

    private static readonly string[] Keys =
    [
        "orgId", "orgName", "version", "name", "type", "access", "url", "user", "database", "basicAuth", "basicAuthUser", "withCredentials", "isDefault",
        "correlations", "jsonData", "secureJsonData", "editable", "uid",
    ];

    private static readonly string[] DeleteKeys = ["name", "orgId"];

    /// <returns>The uids of the data sources.</returns>
    public static IReadOnlyCollection<string> Check(IEnumerable<YamlFile> files)
    {
        var (names, uids, defaults) = (new List<Named>(), new List<Named>(), new List<Named>());
        foreach (var file in files)
        {
            var root = file.Map("data source file", FileKeys);
            Interpolation.Check(root.Source, file.Root);
            root.Boolean("prune");
            foreach (var source in root.Maps("datasources", "data source", Keys))
            {
                Check(source, names, uids, defaults);
            }

            foreach (var deleted in root.Maps("deleteDatasources", "deleted data source", DeleteKeys))
            {
                deleted.Required("name");
                deleted.Integer("orgId");
            }
        }

        names.MustBeUnique((name, first) => $"the data source '{name}' is also at {first}, which would be overwritten; write another name");
        uids.MustBeUnique((uid, first) => $"the data source uid '{uid}' is also at {first}; write another");
        foreach (var another in defaults.Skip(1))
        {
            another.Source.Add(another.Line, $"two data sources are the default, which stops Grafana; keep that of {defaults[0].Source.File}:{defaults[0].Line}, or this one");
        }

        return [.. uids.Select(uid => uid.Name)];
    }

    private static void Check(Map source, List<Named> names, List<Named> uids, List<Named> defaults)
    {
        if (source.RequiredName("name") is { } name)
        {
            names.Add(name);
        }

        if (source.RequiredName("uid") is { } uid)
        {
            Uid.Check(uid, "data source");
            uids.Add(uid);
        }

        source.Required("type");
        source.Required("url");
        source.OneOf("access", "proxy", "direct");
        source.Integer("orgId");
        foreach (var key in (string[])["basicAuth", "withCredentials", "isDefault", "editable"])
        {
            source.Boolean(key);
        }

        if (source.Text("isDefault") == "true")
        {
            defaults.Add(new Named("", source.Source, source.LineOf("isDefault")));
        }
    }
}
