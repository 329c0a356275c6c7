namespace Promethoide.Monitoring;

/// <summary>The folder that the commands are given.</summary>
internal static class MonitoringFolder
{
    /// <param name="folder">The folder.</param>
    /// <param name="below">What it must have: a folder, with slashes.</param>
    /// <returns>Where that is.</returns>
    /// <exception cref="DirectoryNotFoundException">It does not have it; the message says which folder does.</exception>
    public static string Require(string folder, string below) => Path.Combine(folder, below) is var path && Directory.Exists(path)
        ? path
        : throw new DirectoryNotFoundException($"{path} does not exist; give the folder that has {below}, in the repository monitoring/.");
}
