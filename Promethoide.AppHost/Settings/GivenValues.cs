using System.Net.Mail;
using System.Text;

namespace Promethoide.AppHost;

/// <summary>
/// Rejects, before anything starts, values that some part of the network would refuse or misread. Values that pass work in all of them. No
/// message shows a value: it may be a password.
/// </summary>
internal static class GivenValues
{
    private static readonly (string Parameter, Predicate<string> IsGood, string Rule)[] Rules =
    [
        // Environment variables, libpq's service file and initdb's password file are line-based.
        ("", value => !value.Any(char.IsControl), "has a line break, a tab or another control character, which files of lines cannot hold"),
        // libpq's service file drops trailing blanks, and so do the reader of .env and the mail settings.
        ("", value => value == value.Trim(), "begins or ends with a blank, which would be lost"),
        // The orchestrator that starts the programs expands it.
        ("", value => !value.Contains("{{", StringComparison.Ordinal), "has {{ in it, which begins a template"),
        // SCRAM compares passwords in this form, but not every driver normalises them.
        (
            "postgres-|promethoide-",
            value => value.IsNormalized(NormalizationForm.FormKC),
            "has letters that Unicode writes in more than one way; write them as NFKC does"),
        (
            "smtp-|grafana-",
            value => !value.Contains("${", StringComparison.Ordinal)
                && !value.Contains("$__", StringComparison.Ordinal)
                && !value.Contains("%(", StringComparison.Ordinal),
            "has ${, $__ or %( in it, which Grafana takes for a variable"),
        (
            "postgres-user",
            value => value.IndexOfAny(['"', '$', '\'', '\\']) < 0,
            "has a quote, a $ or a backslash in it, for which PostgreSQL makes no extensions"),
        (
            "postgres-db|promethoide-monitor-password",
            value => !value.Contains(' '),
            "has a blank in it, at which postgres-exporter takes its login apart, and shows it"),
        ("postgres-db", value => value.IndexOfAny(['{', '}']) < 0, "has a brace in it, which Aspire takes for a place to fill in"),
        ("postgres-host", value => Uri.CheckHostName(value) is not UriHostNameType.Unknown, "has to be the name or address of one host"),
        ("postgres-sslmode", value => value is "disable" or "require" or "verify-ca" or "verify-full", "has to be disable or require"),
        (
            "smoke-key",
            value => value.All(letter => letter is > ' ' and < '\x7F'),
            "has to be ASCII letters, digits and signs without blanks: it is sent in a header"),
        (
            "desk-hosts",
            value =>
                value.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is ' ' or '.' or '-' or '_' or ':' or '[' or ']' or '*'),
            "has to be host names, separated by blanks"),
        ("smtp-from-address", value => MailAddress.TryCreate(value, out _), "has to be a mail address"),
        (
            "operations-emails|developers-emails",
            value => value.Split([',', ';'], StringSplitOptions.RemoveEmptyEntries).All(one => MailAddress.TryCreate(one.Trim(), out _)),
            "has to be mail addresses, separated by commas"),
    ];

    /// <exception cref="DistributedApplicationException">Names the first value that is rejected, and why.</exception>
    public static void Check(IDistributedApplicationBuilder builder)
    {
        foreach (var parameter in SettingsExtensions.Names.Select(name => name.Parameter).Append("grafana-admin-password").Distinct())
        {
            if (builder.Configuration[SettingsExtensions.KeyOf(parameter)] is { Length: > 0 } value
                && Array.Find(Rules, rule =>
                    rule.Parameter.Split('|').Any(start => parameter.StartsWith(start, StringComparison.Ordinal)) && !rule.IsGood(value))
                    is { Rule: { } broken })
            {
                throw new DistributedApplicationException($"{SettingsExtensions.VariableOf(parameter)} {broken}. Choose another.");
            }
        }
    }
}
