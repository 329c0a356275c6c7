using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Promethoide.Monitoring.Checks;

/// <summary>A file of Grafana's provisioning.</summary>
/// <param name="Source">Where it is.</param>
/// <param name="Root">Its content.</param>
internal sealed record YamlFile(Source Source, YamlMappingNode Root)
{
    /// <summary>Reads a file; null and a finding when it is no YAML mapping.</summary>
    public static YamlFile? Read(Source source, string text)
    {
        var yaml = new YamlStream();
        var scanner = new Scanner(new StringReader(text));
        try
        {
            yaml.Load(new Parser(scanner));
        }
        catch (YamlException e)
        {
            source.Add((int)e.Start.Line, $"this is no YAML, which stops Grafana ({e.Message.TrimEnd('.')}); put it right here or shortly before");
            return null;
        }

        catch (InvalidOperationException)
        {
            // YamlDotNet's scanner has no better word for it.
            source.Add((int)scanner.CurrentPosition.Line, "a line in brackets begins at the left edge; indent it");
            return null;
        }

        if (yaml.Documents is [{ RootNode: YamlMappingNode root }])
        {
            return new YamlFile(source, root);
        }

        source.Add(1, "this is not one YAML mapping; write apiVersion: 1 and lists below it, or delete the file");
        return null;
    }

    public Map Map(string what, IReadOnlyCollection<string> keys)
    {
        var map = new Map(Source, Root, what, keys);
        if (map.Text("apiVersion") != "1")
        {
            Source.Add(map.LineOf("apiVersion"), "Grafana reads a file without version 1 in its oldest form; write apiVersion: 1");
        }

        return map;
    }
}
