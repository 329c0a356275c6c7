using System.Text.RegularExpressions;

namespace Promethoide.Tests.Network.Drills;

/// <summary>The network's own Alertmanager configuration with shorter waits; everything else is as the AppHost wrote it.</summary>
internal static partial class FastAlertmanager
{
    public const int Factor = 3;

    /// <summary>The policies' additional minute.</summary>
    public static readonly TimeSpan Minute = TimeSpan.FromMinutes(1) / Factor;

    public static void Write(string file) =>
        File.WriteAllText(file, Wait().Replace(
            File.ReadAllText(file), wait => $"{wait.Groups[1].Value}{ShorterDuration.Of(wait.Groups[2].Value, Factor, TimeSpan.Zero)}"));

    [GeneratedRegex(@"(\bgroup_wait: |\bgroup_interval: |\brepeat_interval: )(\d+[smhd])\b")]
    private static partial Regex Wait();
}
