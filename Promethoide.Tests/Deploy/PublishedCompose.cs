using System.Text.RegularExpressions;
using Promethoide.Tests.Fixtures;
using YamlDotNet.RepresentationModel;

namespace Promethoide.Tests.Deploy;

/// <summary>A compose file of <c>deploy/compose/</c>, as docker compose reads it.</summary>
internal sealed partial class PublishedCompose
{
    private readonly YamlMappingNode _root;

    private PublishedCompose(string text)
    {
        Text = text;
        var yaml = new YamlStream();
        yaml.Load(new StringReader(text));
        _root = (YamlMappingNode)Merge(yaml.Documents[0].RootNode);
    }

    public static string Folder { get; } = Repository.Combine("deploy", "compose");

    public string Text { get; }

    public IEnumerable<string> TopLevel => _root.Children.Keys.Select(key => key.ToString());

    public IReadOnlyDictionary<string, PublishedService> Services => ((YamlMappingNode)_root["services"]).Children
        .ToDictionary(service => service.Key.ToString(), service => new PublishedService((YamlMappingNode)service.Value));

    /// <summary>Each name of <c>.env.example</c> and what follows it: <c>:?…</c>, or <c>:-</c> and the default.</summary>
    public IEnumerable<(string Name, string Otherwise)> Settings =>
        Setting().Matches(Text).Select(match => (match.Groups[1].Value, match.Groups[2].Value)).Distinct();

    public static PublishedCompose Read(string name = "compose.yaml") => new(File.ReadAllText(Path.Combine(Folder, name)));

    /// <summary>The only script with these words that <c>deploy/README.md</c> runs in the database's container.</summary>
    public static string Documented(string words) => PostgresScript().Matches(File.ReadAllText(Repository.Combine("deploy", "README.md")))
        .Select(match => match.Groups[1].Value.Replace("'\"'NEW'\"'", "'NEW'", StringComparison.Ordinal))
        .Single(script => script.Contains(words, StringComparison.Ordinal));

    // Merges what "<<" refers to; the keys beside it take precedence.
    private static YamlNode Merge(YamlNode node)
    {
        switch (node)
        {
            case YamlSequenceNode list:
                return new YamlSequenceNode(list.Select(Merge));
            case YamlMappingNode map:
                var own = map.Children.Where(entry => entry.Key.ToString() != "<<").ToList();
                var taken = map.Children.Where(entry => entry.Key.ToString() == "<<")
                    .SelectMany(entry => entry.Value is YamlSequenceNode several ? several.Children : [entry.Value])
                    .SelectMany(from => ((YamlMappingNode)Merge(from)).Children);
                return new YamlMappingNode(own.Concat(taken)
                    .DistinctBy(entry => entry.Key.ToString())
                    .Select(entry => KeyValuePair.Create(entry.Key, Merge(entry.Value))));
            default:
                return node;
        }
    }

    [GeneratedRegex("^docker compose exec -T postgres sh -c '(.*)'( [<>].*)?$", RegexOptions.Multiline)]
    private static partial Regex PostgresScript();

    [GeneratedRegex(@"(?<!\$)\$\{(\w+)([^}]*)\}")]
    private static partial Regex Setting();
}

/// <summary>One service of the file.</summary>
internal sealed class PublishedService(YamlMappingNode node)
{
    public string? this[params IEnumerable<string> path] => Find(path)?.ToString();

    public IReadOnlyList<string> List(params IEnumerable<string> path) =>
        Find(path) is YamlSequenceNode list ? [.. list.Select(item => item.ToString())] : [];

    public IReadOnlyDictionary<string, string> Map(params IEnumerable<string> path) => Find(path) is YamlMappingNode map
        ? map.Children.ToDictionary(entry => entry.Key.ToString(), entry =>
            entry.Value is YamlScalarNode ? entry.Value.ToString() : string.Join(' ', entry.Value.AllNodes.OfType<YamlScalarNode>()))
        : new Dictionary<string, string>();

    /// <summary>Includes the variables of its env_file.</summary>
    public IReadOnlyDictionary<string, string> Environment => Map("environment")
        .Concat(this["env_file"] is { } file
            ? File.ReadAllLines(Path.Combine(PublishedCompose.Folder, file))
                .Where(line => !line.StartsWith('#'))
                .Select(line => line.Split('=', 2))
                .Select(pair => KeyValuePair.Create(pair[0], pair[1]))
            : [])
        .ToDictionary();

    public IEnumerable<(string Type, string Source, string Target, bool ReadOnly)> Mounts => Find(["volumes"]) is YamlSequenceNode mounts
        ? mounts.Select(mount => mount.ToString().Split(':'))
            .Select(mount => (mount[0][0] is '.' or '/' ? "bind" : "volume", mount[0], mount[1], mount is [.., "ro"]))
        : [];

    private YamlNode? Find(IEnumerable<string> path)
    {
        YamlNode? found = node;
        foreach (var key in path)
        {
            found = found is YamlMappingNode map && map.Children.TryGetValue(key, out var child) ? child : null;
        }

        return found;
    }
}
