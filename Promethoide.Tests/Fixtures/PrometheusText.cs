using System.Globalization;
using System.Text.RegularExpressions;

namespace Promethoide.Tests.Fixtures;

/// <summary>The parts of Prometheus' text format that tests need.</summary>
public static partial class PrometheusText
{
    /// <summary>
    /// Sample → value. A sample is a name with its labels in order, without the OpenTelemetry scope's: <c>x_total{a="1",b="2"}</c>.
    /// </summary>
    public static IReadOnlyDictionary<string, double> Parse(string text)
    {
        var samples = new Dictionary<string, double>();
        foreach (Match line in Sample().Matches(text))
        {
            var labels = Label().Matches(line.Groups["labels"].Value)
                .Select(label => label.Value)
                .Where(label => !label.StartsWith("otel_scope_", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal);
            var name = string.Join(',', labels) is { Length: > 0 } joined
                ? $"{line.Groups["name"].Value}{{{joined}}}"
                : line.Groups["name"].Value;
            samples[name] = double.Parse(line.Groups["value"].Value, CultureInfo.InvariantCulture);
        }

        return samples;
    }

    [GeneratedRegex(
        """^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>.*?)\})? (?<value>[-+.0-9eE]+|NaN|[-+]Inf)""",
        RegexOptions.Multiline)]
    private static partial Regex Sample();

    [GeneratedRegex("""[a-zA-Z_][a-zA-Z0-9_]*="(\\.|[^"\\])*"(?=,|$)""")]
    private static partial Regex Label();
}
