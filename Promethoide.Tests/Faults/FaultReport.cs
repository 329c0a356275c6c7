namespace Promethoide.Tests.Faults;

/// <summary>The figures of the drills, for whoever ran <c>./test.sh --faults</c>, and how long the drills are.</summary>
internal static class FaultReport
{
    private static readonly Lock Gate = new();
    private static readonly string? File = Environment.GetEnvironmentVariable("PROMETHOIDE_FAULTS_REPORT");

    /// <summary>All of each drill, and bounds in time; else a short version, which a machine with other work keeps.</summary>
    public static bool IsFull => File is not null;

    /// <summary>Adds a row to the table.</summary>
    public static void Add(string drill, string figure, string value)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"{drill}: {figure}: {value}");
        if (File is not null)
        {
            lock (Gate)
            {
                System.IO.File.AppendAllText(File, $"| {drill} | {figure} | {value} |{Environment.NewLine}");
            }
        }
    }
}
