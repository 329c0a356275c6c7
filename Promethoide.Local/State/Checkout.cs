namespace Promethoide.Local.State;

/// <summary>The folder of the repository: configuration is read from there, never copied.</summary>
internal sealed class Checkout
{
    private const string Mark = "Promethoide.sln";

    private Checkout(string root) => Root = root;

    public string Root { get; }

    /// <summary>Finds it upwards from the program itself, then from the current folder.</summary>
    /// <exception cref="UserException">Neither lies in a checkout.</exception>
    public static Checkout Find()
    {
        foreach (var start in (string[])[AppContext.BaseDirectory, Environment.CurrentDirectory])
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, Mark)))
                {
                    return new(folder.FullName);
                }
            }
        }

        throw new UserException($"No checkout of Promethoide here: {Mark} is in no folder above {AppContext.BaseDirectory}.");
    }

    public string Combine(params ReadOnlySpan<string> path) => Path.Combine(Root, Path.Combine(path));

    /// <summary>The built program of a sibling project, in the configuration (debug, release) that this one was built in.</summary>
    /// <exception cref="UserException">It was not built.</exception>
    public string Assembly(string project)
    {
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var assembly = Combine("artifacts", "bin", project, configuration, $"{project}.dll");
        return File.Exists(assembly) ? assembly : throw new UserException($"{assembly} is missing. Build it: dotnet build {project} -c {configuration}");
    }
}
