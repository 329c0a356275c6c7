using System.Globalization;

namespace Promethoide.Web.Hosting;

/// <summary>The time zone of the desk: that of the variable <c>TZ</c>, or else the machine's.</summary>
internal static class DeskTimeZone
{
    /// <summary>Fails if <c>TZ</c> names no time zone: the platform would silently use UTC.</summary>
    /// <exception cref="InvalidOperationException">It names none.</exception>
    public static void Ensure(string? setting)
    {
        var zone = setting?.TrimStart(':');
        if (!string.IsNullOrEmpty(zone) && !(zone[0] == '/' ? File.Exists(zone) : TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _)))
        {
            throw new InvalidOperationException(
                $"TZ is '{setting}', and there is no such time zone. Give a name, as in Europe/Madrid, or UTC.");
        }
    }

    /// <summary>The offset from UTC at some time: UTC, UTC+1, UTC−3:30.</summary>
    public static string Name(TimeSpan offset) => offset == TimeSpan.Zero
        ? "UTC"
        : $"UTC{(offset < TimeSpan.Zero ? '−' : '+')}{Math.Abs(offset.Hours).ToString(CultureInfo.InvariantCulture)}"
            + (offset.Minutes == 0 ? "" : $":{Math.Abs(offset.Minutes):00}");
}
