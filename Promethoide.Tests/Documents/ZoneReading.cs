using System.Globalization;
using Promethoide.Documents;

namespace Promethoide.Tests.Documents;

/// <summary>Reads zones as of one fixed day.</summary>
internal static class ZoneReading
{
    public static readonly DateOnly Today = new(2026, 11, 30);

    public static MachineReadableZone Read(string text) =>
        MachineReadableZone.TryRead(text, Today, out var zone, out var problem)
            ? zone
            : throw new InvalidOperationException($"{problem}: {text}");

    public static ZoneProblem Problem(string text)
    {
        Assert.False(MachineReadableZone.TryRead(text, Today, out var zone, out var problem));
        Assert.Null(zone);
        return problem;
    }

    public static string? Iso(DateOnly? date) => date?.ToString("O", CultureInfo.InvariantCulture);
}
