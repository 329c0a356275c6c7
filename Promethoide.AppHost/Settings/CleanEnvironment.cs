using System.Collections;
using System.Reflection;

namespace Promethoide.AppHost;

/// <summary>
/// The environment that the network's processes inherit. A user's shell has many variables that components would take for their own
/// (PGPORT, GF_…, ASPNETCORE_URLS), and passwords that belong to a single component.
/// </summary>
internal static class CleanEnvironment
{
    private static readonly string[] Kept =
    [
        "PATH", "HOME", "USER", "LOGNAME", "LANG", "TZ", "TMPDIR", "TERM", "SHELL", "SSL_CERT_DIR", "SSL_CERT_FILE",
        "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy",
    ];

    // The settings of .NET, Aspire and the tools that they call, and the services' own (Limits__RequestsPerSecond=50).
    private static readonly string[] KeptPrefixes =
        ["LC_", "XDG_", "DOTNET_", "ASPIRE_", "DCP_", "NUGET_", "NODE_", "npm_config_", "Limits__", "Immigration__", "Drills__", "Smoke__"];

    /// <summary>
    /// Removes all other variables from this process, which has read its settings by now, and so from everything it starts.
    /// </summary>
    public static void Apply()
    {
        // If the AppHost was started inside another process, as tests do, the environment is not ours.
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
