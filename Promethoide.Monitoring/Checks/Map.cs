using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Promethoide.Monitoring.Checks;

/// <summary>A mapping of a provisioning file. Grafana ignores unknown keys without a word; this refuses them.</summary>
internal sealed class Map
{
    private readonly YamlMappingNode _node;

    private readonly string _what;

    /// <param name="source">Its file.</param>
    /// <param name="node">Its content.</param>
    /// <param name="what">What it is, in findings: <c>rule</c>.</param>
    /// <param name="keys">All keys that Grafana reads there.</param>
    public Map(Source source, YamlMappingNode node, string what, IReadOnlyCollection<string> keys)
    {
        (Source, _node, _what) = (source, node, what);
        foreach (var key in node.Children.Keys.Where(key => !keys.Contains(TextOf(key))))
        {
            var name = TextOf(key);
            var meant = keys.OrderBy(known => Distance(name, known)).First();
            source.Add(key, $"unknown key '{name}' in a {what}, which Grafana ignores without a word; " +
                (Distance(name, meant) <= 2 ? $"write '{meant}'" : $"known are {string.Join(", ", keys)}"));
        }
    }

    public Source Source { get; }

    public int Line => Source.LineOf(_node);

    public bool Has(string key) => _node.Children.ContainsKey(key);

    /// <summary>Where the key's value begins; without the key, where the mapping does.</summary>
    public int LineOf(string key) => Node(key) is { } node ? Source.LineOf(node) : Line;

    public YamlNode? Node(string key) => _node.Children.TryGetValue(key, out var value) ? value : null;

    public string? Text(string key)
    {
        switch (Node(key))
        {
            case null or YamlScalarNode { Value: null or "" }:
                return null;
            case YamlScalarNode scalar:
                return scalar.Value;
            case var other:
                Source.Add(other, $"{key} of a {_what} must be one value; write it on one line");
                return null;
        }
    }

    public string? Required(string key)
    {
        var text = Text(key);
        if (text is null && Node(key) is null or YamlScalarNode)
        {
            Source.Add(LineOf(key), $"a {_what} has no {key}, which stops Grafana; add it");
        }

        return text;
    }

    public Named? RequiredName(string key) => Required(key) is { } name ? new Named(name, Source, LineOf(key)) : null;

    /// <summary>A whole number, as YAML writes one: not quoted, no unit.</summary>
    public int? Integer(string key)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }

        if (Node(key) is YamlScalarNode { Style: ScalarStyle.Plain } && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            return value;
        }

        Source.Add(LineOf(key), $"{key} '{text}' of a {_what} is no whole number; write one, without unit and quotes");
        return null;
    }

    public void Boolean(string key)
    {
        if (Text(key) is { } text && text is not ("true" or "false"))
        {
            Source.Add(LineOf(key), $"{key} '{text}' of a {_what} is neither true nor false; write one of them");
        }
    }

    public void OneOf(string key, params string[] values)
    {
        if (Text(key) is { } text && !values.Contains(text))
        {
            Source.Add(LineOf(key), $"{key} '{text}' of a {_what} is unknown; write one of {string.Join(", ", values)}");
        }
    }

    public TimeSpan? Duration(string key)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }

        if (Durations.TryParse(text, out var duration))
        {
            return duration;
        }

        Source.Add(LineOf(key), $"{key} '{text}' of a {_what} is no duration; write one as Prometheus does: 30s, 1h30m");
        return null;
    }

    /// <summary>The mappings of a list; each refuses keys that are not in <paramref name="keys"/>.</summary>
    public IReadOnlyList<Map> Maps(string key, string what, IReadOnlyCollection<string> keys)
    {
        var maps = new List<Map>();
        foreach (var node in List(key))
        {
            if (node is YamlMappingNode mapping)
            {
                maps.Add(new Map(Source, mapping, what, keys));
            }
            else
            {
                Source.Add(node, $"a {what} must have keys; write {keys.First()}: …");
            }
        }

        return maps;
    }

    public Map? Child(string key, string what, IReadOnlyCollection<string> keys)
    {
        switch (Node(key))
        {
            case null:
                return null;
            case YamlMappingNode mapping:
                return new Map(Source, mapping, what, keys);
            case var other:
                Source.Add(other, $"{key} of a {_what} must have keys; write {keys.First()}: …");
                return null;
        }
    }

    /// <summary>The texts of a list, with their lines.</summary>
    public IReadOnlyList<Named> Texts(string key)
    {
        var texts = new List<Named>();
        foreach (var node in List(key))
        {
            if (node is YamlScalarNode scalar)
            {
                texts.Add(new Named(scalar.Value ?? "", Source, Source.LineOf(scalar)));
            }
            else
            {
                Source.Add(node, $"{key} of a {_what} is a list of names; write a name");
            }
        }

        return texts;
    }

    /// <summary>A mapping with free keys: annotations, labels.</summary>
    public IReadOnlyList<(YamlScalarNode Key, YamlScalarNode Value)> Entries(string key)
    {
        if (Node(key) is not { } node)
        {
            return [];
        }

        if (node is YamlMappingNode mapping && mapping.Children.All(entry => entry is { Key: YamlScalarNode, Value: YamlScalarNode }))
        {
            return [.. mapping.Children.Select(entry => ((YamlScalarNode)entry.Key, (YamlScalarNode)entry.Value))];
        }

        Source.Add(node, $"{key} of a {_what} must be names with one text each; write name: text");
        return [];
    }

    public IEnumerable<YamlNode> List(string key)
    {
        switch (Node(key))
        {
            case null or YamlScalarNode { Value: null or "" }:
                return [];
            case YamlSequenceNode list:
                return list;
            case var other:
                Source.Add(other, $"{key} of a {_what} must be a list; begin each item with a dash");
                return [];
        }
    }

    private static string TextOf(YamlNode key) => (key as YamlScalarNode)?.Value ?? key.ToString();

    // Levenshtein's: how many letters to change, add or take away, whatever their case.
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var changed = diagonal + (char.ToLowerInvariant(one[i - 1]) == char.ToLowerInvariant(other[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[^1];
    }
}
