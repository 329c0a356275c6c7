using YamlDotNet.RepresentationModel;

namespace Promethoide.Monitoring.Checks;

/// <summary>A file under check, and what was found.</summary>
/// <param name="File">Below <c>monitoring/</c>, with slashes.</param>
/// <param name="Findings">Of all files.</param>
internal sealed record Source(string File, List<Finding> Findings)
{
    public void Add(int line, string message) => Findings.Add(new Finding(File, line, message));

    public void Add(YamlNode node, string message) => Add(LineOf(node), message);

    public static int LineOf(YamlNode node) => (int)node.Start.Line;
}

/// <summary>A name that must be unique, or that others refer to, and where it stands.</summary>
internal sealed record Named(string Name, Source Source, int Line);

internal static class NamedExtensions
{
    /// <summary>Finds each name that was seen before.</summary>
    /// <param name="names">In the order of the files.</param>
    /// <param name="message">What is wrong and what to do, from the name and where it was first.</param>
    public static void MustBeUnique(this IEnumerable<Named> names, Func<string, string, string> message)
    {
        foreach (var twice in names.GroupBy(named => named.Name).Where(group => group.Skip(1).Any()))
        {
            var first = twice.First();
            foreach (var again in twice.Skip(1))
            {
                again.Source.Add(again.Line, message(again.Name, $"{first.Source.File}:{first.Line}"));
            }
        }
    }
}
