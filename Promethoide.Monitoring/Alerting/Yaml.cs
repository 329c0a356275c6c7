using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Promethoide.Monitoring.Alerting;

/// <summary>YAML as nodes, where the order and the style of a file matter.</summary>
internal static class Yaml
{
    /// <summary>A file's one mapping; an empty one when it is empty.</summary>
    /// <exception cref="RulesException">It is no YAML mapping; the message names it.</exception>
    public static YamlMappingNode Read(string file)
    {
        using var reader = File.OpenText(file);
        var yaml = new YamlStream();
        try
        {
            yaml.Load(reader);
        }
        catch (YamlException e)
        {
            throw new RulesException($"{file}:{e.Start.Line}: {e.Message}");
        }

        return yaml.Documents switch
        {
            [] => new(),
            [{ RootNode: YamlMappingNode root }] => root,
            _ => throw new RulesException($"{file}:1: this is not one YAML mapping."),
        };
    }

    /// <summary>A document's text.</summary>
    public static string Text(YamlNode root)
    {
        var text = new StringWriter { NewLine = "\n" };
        new YamlStream(new YamlDocument(root)).Save(new Emitter(text, new EmitterSettings(bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1024).WithIndentedSequences()), assignAnchors: false);
        return text.ToString().Replace("\n...\n", "\n", StringComparison.Ordinal);
    }

    /// <summary>The mappings of a list; none when it is missing.</summary>
    public static IEnumerable<YamlMappingNode> Items(this YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out var value) && value is YamlSequenceNode list ? list.OfType<YamlMappingNode>() : [];

    public static YamlMappingNode? Child(this YamlMappingNode node, string key) => node.Children.TryGetValue(key, out var value) ? value as YamlMappingNode : null;

    public static string? Text(this YamlMappingNode node, string key) => node.Children.TryGetValue(key, out var value) ? (value as YamlScalarNode)?.Value : null;
}
