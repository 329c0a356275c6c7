namespace Promethoide.Documents;

/// <summary>A plausible date of birth for a traveller.</summary>
public static class BirthDate
{
    /// <summary>The earliest plausible date.</summary>
    public static readonly DateOnly Earliest = new(1900, 1, 1);

    /// <summary>True from <see cref="Earliest"/> to <paramref name="today"/>.</summary>
    public static bool IsPossible(DateOnly day, DateOnly today) => day >= Earliest && day <= today;
}
