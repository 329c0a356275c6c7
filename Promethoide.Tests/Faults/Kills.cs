namespace Promethoide.Tests.Faults;

/// <summary>Which parts a durability drill kills, and how often.</summary>
internal static class Kills
{
    /// <summary>The table's name for all parts at once.</summary>
    public const string Everything = "all of it stopped and started";

    private static readonly int Rounds = FaultReport.IsFull ? 10 : 1;

    /// <summary>The parts that a decision goes through, each before the ones it depends on.</summary>
    public static readonly string[] Parts = ["apache", "web", "rest-api", "postgres"];

    /// <summary>How many clients submit decisions meanwhile.</summary>
    public static int Clients => FaultReport.IsFull ? 32 : 8;

    /// <summary>A random delay before the next kill.</summary>
    public static TimeSpan SomeTime => TimeSpan.FromSeconds(Random.Shared.NextDouble());

    /// <summary>Each part equally often, in random order.</summary>
    public static string[] InAnyOrder()
    {
        string[] parts = [.. Enumerable.Repeat(Parts, Rounds).SelectMany(parts => parts)];
        Random.Shared.Shuffle(parts);
        return parts;
    }
}
