using Microsoft.AspNetCore.DataProtection;

namespace Promethoide.Web.Hosting;

/// <summary>
/// The keys of forms and sessions, which all replicas share. On one host they share a folder, where keys are generated as needed. On
/// several nodes the mounted folder may be read-only for the desk (<c>DataProtection:GenerateKeys=false</c>): operators create its keys
/// with <c>keys new</c>.
/// </summary>
internal static class KeyRing
{
    private const string Directory = "DataProtection:KeysDirectory";
    private const string Generate = "DataProtection:GenerateKeys";

    public static void AddKeyRing(this WebApplicationBuilder builder)
    {
        var keys = builder.Services.AddDataProtection().SetApplicationName("promethoide-web");
        var directory = builder.Configuration[Directory];
        if (!string.IsNullOrEmpty(directory))
        {
            keys.PersistKeysToFileSystem(new DirectoryInfo(directory));
        }

        if (!builder.Configuration.GetValue(Generate, defaultValue: true))
        {
            EnsureThereIsOne(directory);
            keys.DisableAutomaticKeyGeneration();
        }
    }

    // Otherwise the desk would start, and fail at the first page.
    private static void EnsureThereIsOne(string? directory)
    {
        if (string.IsNullOrEmpty(directory)
            || !System.IO.Directory.Exists(directory)
            || !System.IO.Directory.EnumerateFiles(directory, "*.xml").Any())
        {
            throw new InvalidOperationException(
                $"{Generate} is false, and the folder of {Directory}, '{directory}', has no key: make one with `dotnet "
                + "Promethoide.Web.dll keys new`.");
        }
    }
}
