namespace Promethoide.Monitoring;

/// <summary>The folder given to the commands.</summary>
internal static class MonitoringFolder
{
    /// <param name="folder">The folder.</param>
    /// <param name="below">The folder that it must contain, with slashes.</param>
    /// <returns>The path of that folder.</returns>
    /// <exception cref="DirectoryNotFoundException">It does not contain it; the message says which folder does.</exception>
    public static string Require(string folder, string below) => Path.Combine(folder, below) is var path && Directory.Exists(path)
        ? path
        : throw new DirectoryNotFoundException($"{path} does not exist; give the folder that has {below}, in the repository monitoring/.");
}
