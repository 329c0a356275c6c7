using System.Text.RegularExpressions;

namespace Promethoide.Monitoring.Checks;

/// <summary>Grafana's identifiers.</summary>
internal static partial class Uid
{
    public const string Rule = "is no identifier; write at most 40 of the characters a-z A-Z 0-9 - _";

    public static bool IsValid(string uid) => Pattern().IsMatch(uid);

    /// <summary>Finds a uid that is not valid.</summary>
    public static void Check(Named? uid, string what)
    {
        if (uid is not null && !IsValid(uid.Name))
        {
            uid.Source.Add(uid.Line, $"the uid '{uid.Name}' of a {what} {Rule}");
        }
    }

    [GeneratedRegex(@"^[a-zA-Z0-9_-]{1,40}\z")]
    private static partial Regex Pattern();
}
