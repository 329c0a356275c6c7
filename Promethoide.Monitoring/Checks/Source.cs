using System.Text.RegularExpressions;
using Promethoide.Monitoring.Alerting;
using YamlDotNet.RepresentationModel;

namespace Promethoide.Monitoring.Checks;

/// <summary>A file being checked, and the findings.</summary>
/// <param name="File">Below <c>monitoring/</c>, with slashes.</param>
/// <param name="Findings">The findings of all files.</param>
internal sealed record Source(string File, List<Finding> Findings)
{
    public const string UidRule = "is not a valid uid; use at most 40 of the characters a-z A-Z 0-9 - _";

    public static Regex Uid { get; } = new(@"^[a-zA-Z0-9_-]{1,40}\z");

    public void Add(int line, string message) => Findings.Add(new Finding(File, line, message));

    public void Add(YamlNode node, string message) => Add(node.Line(), message);

    /// <summary>Reports what Grafana accepts and our house style does not.</summary>
    public void Style(int line, string message) => Findings.Add(new Finding(File, line, message, IsStyle: true));
}

/// <summary>A name that must be unique, or that others refer to, and where it is.</summary>
internal sealed record NamedItem(string Name, Source Source, int Line);

internal static class NamedExtensions
{
    /// <summary>Reports each name that has occurred before.</summary>
    /// <param name="names">In the order of the files.</param>
    /// <param name="message">What is wrong and what to do, from the name and its first place.</param>
    /// <param name="isStyle">Whether Grafana accepts it.</param>
    public static void MustBeUnique(this IEnumerable<NamedItem> names, Func<string, string, string> message, bool isStyle = false)
    {
        foreach (var twice in names.GroupBy(named => named.Name).Where(group => group.Skip(1).Any()))
        {
            var first = twice.First();
            foreach (var again in twice.Skip(1))
            {
                again.Source.Findings.Add(
                    new Finding(again.Source.File, again.Line, message(again.Name, $"{first.Source.File}:{first.Line}"), isStyle));
            }
        }
    }

    /// <summary>Reports each name that does not exist.</summary>
    public static void MustBeOneOf(this IEnumerable<NamedItem> names, IReadOnlyCollection<string> known, Func<string, string> message)
    {
        foreach (var named in names.Where(named => !known.Contains(named.Name)))
        {
            named.Source.Add(
                named.Line, $"{message(named.Name)}; {(known.Count > 0 ? $"use one of {string.Join(", ", known)}" : "there is none")}");
        }
    }
}
