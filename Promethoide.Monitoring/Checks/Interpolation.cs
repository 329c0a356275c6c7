using System.Text.RegularExpressions;
using Promethoide.Monitoring.Alerting;
using YamlDotNet.RepresentationModel;

namespace Promethoide.Monitoring.Checks;

/// <summary>
/// Where Grafana expands environment variables: <c>$NAME</c>, <c>${NAME}</c>, <c>$__env{NAME}</c>; <c>$$</c> is one dollar sign. Unset
/// variables are empty.
/// </summary>
internal static partial class Interpolation
{
    /// <summary>The variables that the AppHost and the compose file set.</summary>
    public static readonly IReadOnlyList<string> Known =
    [
        "PROMETHEUS_URL", "TRACES_URL", "DASHBOARDS_PATH", "OPERATIONS_EMAILS", "DEVELOPERS_EMAILS",
    ];

    // Grafana does not expand these.
    private static readonly string[] Literal = ["annotations", "model", "templates", "muteTimes"];

    /// <summary>Checks a value of a file and everything below it.</summary>
    public static void Check(Source source, YamlNode node)
    {
        foreach (var below in node is YamlMappingNode mapping
            ? mapping.Where(entry => !Literal.Contains((entry.Key as YamlScalarNode)?.Value)).Select(entry => entry.Value)
            : node as YamlSequenceNode ?? Enumerable.Empty<YamlNode>())
        {
            Check(source, below);
        }

        var line = node.Line();
        foreach (Match match in Dollar().Matches((node as YamlScalarNode)?.Value ?? ""))
        {
            var name = match.Groups["name"].Value;
            if (match.Value == "$$" || match.Groups["file"].Success || Known.Contains(name))
            {
                continue;
            }

            source.Add(line, name is "labels" or "values" or "value"
                ? $"Grafana takes ${name} for an environment variable here; write $${name}"
                : $"the environment variable {name} is not set, so that Grafana reads nothing here; use one of "
                    + $"{string.Join(", ", Known)}, or write $${name} for the text");
        }
    }

    [GeneratedRegex(@"\$\$|\$(?<file>__file)\{[^}]*\}|\$(__env)?\{(?<name>\w*)\}|\$(?<name>[A-Za-z_]\w*|[*#@!?0-9-])")]
    private static partial Regex Dollar();
}
