namespace Promethoide.Tests.Faults;

/// <summary>The figures of the drills, printed by <c>./test.sh --faults</c>, and whether the drills run in full.</summary>
internal static class FaultReport
{
    private static readonly Lock Gate = new();
    private static readonly string? File = Environment.GetEnvironmentVariable("PROMETHOIDE_FAULTS_REPORT");

    /// <summary>Runs each drill in full and checks its time limits; otherwise a short version that a busy machine can pass.</summary>
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
