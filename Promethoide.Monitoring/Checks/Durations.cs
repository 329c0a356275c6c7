using System.Globalization;
using System.Text.RegularExpressions;

namespace Promethoide.Monitoring.Checks;

/// <summary>Durations as Prometheus and Grafana write them: whole numbers with units, larger units first; a year has 365 days.</summary>
internal static partial class Durations
{
    private static readonly (string Unit, double Seconds)[] Units =
        [("y", 365 * 86400), ("w", 7 * 86400), ("d", 86400), ("h", 3600), ("m", 60), ("s", 1), ("ms", 0.001)];

    public static bool TryParse(string text, out TimeSpan duration)
    {
        var match = Pattern().Match(text);
        duration = !match.Success ? default : TimeSpan.FromSeconds(Units.Sum(unit =>
            match.Groups[unit.Unit] is { Success: true } number
                ? double.Parse(number.Value, CultureInfo.InvariantCulture) * unit.Seconds
                : 0));
        return match.Success || text == "0";
    }

    [GeneratedRegex(@"^(?=\d)((?<y>\d+)y)?((?<w>\d+)w)?((?<d>\d+)d)?((?<h>\d+)h)?((?<m>\d+)m)?((?<s>\d+)s)?((?<ms>\d+)ms)?\z")]
    private static partial Regex Pattern();
}
