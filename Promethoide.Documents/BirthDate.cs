namespace Promethoide.Documents;

/// <summary>A day on which somebody who travels may have been born.</summary>
public static class BirthDate
{
    /// <summary>The first day that is believed.</summary>
    public static readonly DateOnly Earliest = new(1900, 1, 1);

    /// <summary>True from <see cref="Earliest"/> to <paramref name="today"/>.</summary>
    public static bool IsPossible(DateOnly day, DateOnly today) => day >= Earliest && day <= today;
}
