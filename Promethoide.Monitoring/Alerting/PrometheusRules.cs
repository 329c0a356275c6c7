using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Promethoide.Monitoring.Alerting;

/// <summary>The rules cannot be read or say what Grafana has no word for. The message names the file.</summary>
public sealed class RulesException(string message) : Exception(message);

internal sealed class RuleFile
{
    public List<RuleGroup> Groups { get; set; } = [];
}

internal sealed class RuleGroup
{
    public string Name { get; set; } = "";

    public string? Interval { get; set; }

    public List<Rule> Rules { get; set; } = [];
}

/// <summary>A recording rule (<see cref="Record"/>) or an alerting rule (<see cref="Alert"/>).</summary>
internal sealed class Rule
{
    public string? Record { get; set; }

    public string? Alert { get; set; }

    public string Expr { get; set; } = "";

    public string? For { get; set; }

    public string? KeepFiringFor { get; set; }

    public Dictionary<string, string> Labels { get; set; } = [];

    public Dictionary<string, string> Annotations { get; set; } = [];
}

/// <summary>Prometheus' own rule files.</summary>
internal static class PrometheusRules
{
    public const string Folder = "prometheus/rules";

    // A key that is not known here would be lost on the way to Grafana: refused.
    private static readonly IDeserializer Reader = new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).Build();

    /// <summary>The groups that alert, of all files in the order of their names.</summary>
    /// <param name="monitoring">The folder that has <see cref="Folder"/>.</param>
    /// <exception cref="RulesException">A file is no rule file, or has a key that is not converted.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static IReadOnlyList<RuleGroup> Alerting(string monitoring) =>
    [
        .. from file in Directory.EnumerateFiles(MonitoringFolder.Require(monitoring, Folder), "*.yml").Order(StringComparer.Ordinal)
           from @group in Read(file).Groups
           where @group.Rules.Exists(rule => rule.Alert is not null)
           select @group,
    ];

    private static RuleFile Read(string file)
    {
        try
        {
            using var text = File.OpenText(file);
            return Reader.Deserialize<RuleFile>(text);
        }
        catch (YamlException e)
        {
            throw new RulesException($"{file}:{e.Start.Line}: {e.InnerException?.Message ?? e.Message}");
        }
    }
}
