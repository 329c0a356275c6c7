namespace Promethoide.Tests.Faults;

/// <summary>Who is killed in a drill of durability, and how often.</summary>
internal static class Kills
{
    /// <summary>What all parts at once are called in the table.</summary>
    public const string Everything = "all of it stopped and started";

    private static readonly int Rounds = FaultReport.IsFull ? 10 : 1;

    /// <summary>The parts that a decision goes through, each before those that it needs.</summary>
    public static readonly string[] Parts = ["apache", "web", "rest-api", "postgres"];

    /// <summary>How many clients decide meanwhile.</summary>
    public static int Clients => FaultReport.IsFull ? 32 : 8;

    /// <summary>When the next one is killed.</summary>
    public static TimeSpan SomeTime => TimeSpan.FromSeconds(Random.Shared.NextDouble());

    /// <summary>Each part as often as every other.</summary>
    public static string[] InAnyOrder()
    {
        string[] parts = [.. Enumerable.Repeat(Parts, Rounds).SelectMany(parts => parts)];
        Random.Shared.Shuffle(parts);
        return parts;
    }
}
