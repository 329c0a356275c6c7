using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Promethoide.Monitoring.Alerting;

/// <summary>YAML as nodes, for files whose order, style and lines matter. A null counts as a missing key.</summary>
internal static class Yaml
{
    /// <summary>A file's single mapping, including merges (<c>&lt;&lt;</c>); empty for an empty file.</summary>
    /// <exception cref="RulesException">The file is not a YAML mapping; the message names it.</exception>
    public static YamlMappingNode Read(string file) =>
        Parse(File.ReadAllText(file), (line, message) => throw new RulesException($"{file}:{line}: {message}")) ?? new();

    /// <summary>A text's single mapping, including merges.</summary>
    /// <param name="text">The text.</param>
    /// <param name="wrong">Receives the line, and what is wrong there.</param>
    /// <returns>Null when the text is empty or invalid.</returns>
    public static YamlMappingNode? Parse(string text, Action<int, string> wrong)
    {
        var yaml = new YamlStream();
        var scanner = new Scanner(new StringReader(text.TrimStart('\uFEFF')));
        try
        {
            yaml.Load(new Parser(scanner));
            switch (yaml.Documents)
            {
                case []:
                    return null;
                case [var document] when document.RootNode.IsNull():
                    return null;
                case [{ RootNode: YamlMappingNode root }]:
                    Merge(root, new(ReferenceEqualityComparer.Instance));
                    return root;
                case [_]:
                    wrong(1, "this is not a YAML mapping; write keys, or delete the file");
                    return null;
                case [_, var second, ..]:
                    wrong(second.RootNode.Line(), "only the first YAML document of a file is read; move this one to a file of its own");
                    return null;
            }
        }
        catch (YamlException e)
        {
            wrong(Math.Max(1, (int)e.Start.Line), $"this is not valid YAML ({e.Message.TrimEnd('.')}); correct it here or shortly before");
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or FormatException)
        {
            // YamlDotNet's scanner has no better message.
            wrong(
                Math.Max(1, (int)scanner.CurrentPosition.Line),
                "this is not valid YAML; check brackets and indentation here or shortly before");
        }

        return null;
    }

    /// <summary>A document as text.</summary>
    public static string Text(YamlNode root)
    {
        var text = new StringWriter { NewLine = "\n" };
        new YamlStream(new YamlDocument(root)).Save(
            new Emitter(text, new EmitterSettings(bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1024)
                .WithIndentedSequences()),
            assignAnchors: false);
        return text.ToString().Replace("\n...\n", "\n", StringComparison.Ordinal);
    }

    public static int Line(this YamlNode node) => Math.Max(1, (int)node.Start.Line);

    /// <summary>The line where a key's value starts; without the key, where the mapping starts.</summary>
    public static int LineOf(this YamlMappingNode node, string key) =>
        (node.Children.TryGetValue(key, out var value) ? value : node).Line();

    public static bool IsNull(this YamlNode node) =>
        node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" or "Null" or "NULL" };

    public static YamlNode? Get(this YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out var value) && !value.IsNull() ? value : null;

    /// <summary>The mappings of a list; none when the key is missing.</summary>
    public static IEnumerable<YamlMappingNode> Items(this YamlMappingNode node, string key) =>
        (node.Get(key) as YamlSequenceNode)?.OfType<YamlMappingNode>() ?? [];

    /// <summary>The texts of a list; none when the key is missing.</summary>
    public static IEnumerable<YamlScalarNode> Texts(this YamlMappingNode node, string key) =>
        (node.Get(key) as YamlSequenceNode)?.OfType<YamlScalarNode>() ?? [];

    /// <summary>The names and texts of a mapping; none when the key is missing.</summary>
    public static IEnumerable<(YamlScalarNode Key, YamlScalarNode Value)> Entries(this YamlMappingNode node, string key) =>
        node.Child(key)?.Where(entry => entry is { Key: YamlScalarNode, Value: YamlScalarNode })
            .Select(entry => ((YamlScalarNode)entry.Key, (YamlScalarNode)entry.Value))
            ?? [];

    public static YamlMappingNode? Child(this YamlMappingNode node, string key) => node.Get(key) as YamlMappingNode;

    /// <summary>Null when the key is missing, empty, or not a single value.</summary>
    public static string? Text(this YamlMappingNode node, string key) =>
        node.Get(key) is YamlScalarNode { Value: { Length: > 0 } text } ? text : null;

    // A mapping's own keys stay; of several merged ones, the first wins.
    private static void Merge(YamlNode node, HashSet<YamlNode> path)
    {
        if (!path.Add(node))
        {
            throw new YamlException(node.Start, node.End, "An anchor contains itself");
        }

        foreach (var child in node is YamlMappingNode { Children: var children }
            ? children.Values
            : node is YamlSequenceNode list ? list.Children : [])
        {
            Merge(child, path);
        }

        if (node is YamlMappingNode mapping && mapping.Children.Remove("<<", out var merged))
        {
            foreach (var entry in (merged is YamlSequenceNode several ? several.Children : [merged])
                .SelectMany(from => from as YamlMappingNode
                    ?? throw new YamlException(merged.Start, merged.End, "Only mappings can be merged")))
            {
                mapping.Children.TryAdd(entry.Key, entry.Value);
            }
        }

        path.Remove(node);
    }
}
