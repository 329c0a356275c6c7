namespace Promethoide.Tests.Fixtures;

public static class Repository
{
    /// <summary>The folder that has <c>Promethoide.sln</c>.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder) => File.Exists(Path.Combine(folder, "Promethoide.sln"))
        ? folder
        : Find(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException($"{AppContext.BaseDirectory} is not inside the repository."));
}
