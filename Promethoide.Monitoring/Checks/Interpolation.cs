using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Promethoide.Monitoring.Checks;

/// <summary>Where Grafana puts environment variables in: <c>$NAME</c>, <c>${NAME}</c>, <c>$__env{NAME}</c>; <c>$$</c> is one dollar. Unset ones are empty.</summary>
internal static partial class Interpolation
{
    /// <summary>What Local, the AppHost and the published compose file set.</summary>
    public static readonly IReadOnlyList<string> Known = ["PROMETHEUS_URL", "TRACES_URL", "DASHBOARDS_PATH", "OPERATIONS_EMAILS", "DEVELOPERS_EMAILS"];

    /// <param name="source">The file.</param>
    /// <param name="node">What is checked, with all below it.</param>
    /// <param name="literal">Keys whose values Grafana takes as they are.</param>
    public static void Check(Source source, YamlNode node, params string[] literal)
    {
        switch (node)
        {
            case YamlScalarNode { Value: { } text }:
                Check(source, Source.LineOf(node), text);
                break;
            case YamlSequenceNode list:
                foreach (var item in list)
                {
                    Check(source, item, literal);
                }

                break;
            case YamlMappingNode mapping:
                foreach (var (_, value) in mapping.Children.Where(entry => !literal.Contains((entry.Key as YamlScalarNode)?.Value)))
                {
                    Check(source, value, literal);
                }

                break;
        }
    }

    private static void Check(Source source, int line, string text)
    {
        foreach (Match match in Dollar().Matches(text))
        {
            var name = match.Groups["name"].Value;
            if (match.Value == "$$" || match.Groups["file"].Success || Known.Contains(name))
            {
                continue;
            }

            source.Add(line, name is "labels" or "values" or "value"
                ? $"Grafana takes ${name} for an environment variable here; write $${name}"
                : match.Groups["name"].Success
                    ? $"the environment variable {name} is set by nobody, so that Grafana reads nothing here; use one of {string.Join(", ", Known)}, or write $${name} for the text"
                    : "Grafana takes a single $ for the begin of an environment variable; write $$");
        }
    }

    [GeneratedRegex(@"\$\$|\$(?<file>__file)\{[^}]*\}|\$(__env)?\{(?<name>\w*)\}|\$(?<name>[A-Za-z_]\w*)|\$")]
    private static partial Regex Dollar();
}
