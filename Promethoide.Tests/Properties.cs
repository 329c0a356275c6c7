using System.Runtime.CompilerServices;
using System.Runtime.Versioning;

// The real components run on Linux.
[assembly: SupportedOSPlatform("linux")]

namespace Promethoide.Tests;

internal static class Properties
{
    // Each host would watch its files with an inotify instance of its own, of which a user has 128 by default.
    [ModuleInitializer]
    internal static void WatchNoFiles() => Environment.SetEnvironmentVariable("DOTNET_hostBuilder__reloadConfigOnChange", "false");
}
