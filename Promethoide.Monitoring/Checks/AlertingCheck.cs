namespace Promethoide.Monitoring.Checks;

/// <summary>Files below <c>provisioning/alerting</c>. Any of them may hold any of the lists.</summary>
internal static class AlertingCheck
{
    private static readonly string[] FileKeys =
    [
        "apiVersion", "groups", "deleteRules", "contactPoints", "deleteContactPoints", "policies", "resetPolicies", "muteTimes", "deleteMuteTimes",
        "templates", "deleteTemplates",
    ];

    private static readonly string[] ByUid = ["orgId", "uid"];

    private static readonly string[] ByName = ["orgId", "name"];

    public static void Check(IReadOnlyList<YamlFile> files, Surroundings surroundings)
    {
        var (points, mutes, routing) = (new ContactPointsCheck(), new MuteTimesCheck(), new RoutingCheck());
        List<Map> maps = [.. files.Select(file => file.Map("file of alerts", FileKeys))];
        foreach (var (file, map) in files.Zip(maps))
        {
            // Queries and texts are taken as they are.
            Interpolation.Check(file.Source, file.Root, "annotations", "model", "templates", "muteTimes");
            points.Check(map);
            mutes.Check(map);
            routing.Check(map);
        }

        points.CheckReferences();
        mutes.CheckUniqueness();
        surroundings = surroundings with { Receivers = points.Names, MuteTimes = mutes.Names };
        var rules = new RulesCheck(surroundings);
        maps.ForEach(rules.Check);
        rules.CheckUniqueness();
        routing.CheckTree(surroundings, rules.Labels);
        foreach (var map in maps)
        {
            Deleted(map, "deleteRules", ByUid, [.. rules.Uids]);
            Deleted(map, "deleteContactPoints", ByUid, []);
            Deleted(map, "deleteMuteTimes", ByName, mutes.Names);
            Deleted(map, "deleteTemplates", ByName, points.Templates);
            if (routing.Any && map.List("resetPolicies").Any())
            {
                map.Source.Add(map.LineOf("resetPolicies"), "resetPolicies undoes the policies that are provisioned; take it away");
            }
        }
    }

    private static void Deleted(Map map, string list, string[] keys, IReadOnlyCollection<string> provisioned)
    {
        foreach (var deleted in map.Maps(list, $"item of {list}", keys))
        {
            deleted.Integer("orgId");
            if (deleted.RequiredName(keys[1]) is { } name && provisioned.Contains(name.Name))
            {
                map.Source.Add(name.Line, $"{list} names '{name.Name}', which is provisioned; take it away here or there");
            }
        }
    }
}
