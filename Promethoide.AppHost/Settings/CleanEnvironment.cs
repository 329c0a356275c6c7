using System.Collections;
using System.Reflection;

namespace Promethoide.AppHost;

/// <summary>
/// What the network's processes inherit. A person's shell has much that the components would take for theirs (PGPORT, GF_…,
/// ASPNETCORE_URLS), and passwords that are one component's own.
/// </summary>
internal static class CleanEnvironment
{
    private static readonly string[] Kept =
    [
        "PATH", "HOME", "USER", "LOGNAME", "LANG", "TZ", "TMPDIR", "TERM", "SHELL", "SSL_CERT_DIR", "SSL_CERT_FILE",
        "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy",
    ];

    // What steers .NET, Aspire and the tools that they call, and the services' own settings (Limits__RequestsPerSecond=50).
    private static readonly string[] KeptPrefixes =
        ["LC_", "XDG_", "DOTNET_", "ASPIRE_", "DCP_", "NUGET_", "NODE_", "npm_config_", "Limits__", "Immigration__", "Drills__", "Smoke__"];

    /// <summary>Removes the rest from this process, whose settings have been read by now, and so from all that it starts.</summary>
    public static void Apply()
    {
        // Where others start the AppHost inside their own process, as tests do, the environment is theirs.
        if (Assembly.GetEntryAssembly() != typeof(CleanEnvironment).Assembly)
        {
            return;
        }

        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            var name = (string)variable.Key;
            if (!Kept.Contains(name) && !Array.Exists(KeptPrefixes, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            {
                Environment.SetEnvironmentVariable(name, null);
            }
        }
    }
}
