using Promethoide.Local.State;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.AppHost;

/// <summary>What is committed in <c>deploy/</c> is what the AppHost publishes now.</summary>
public sealed class PublishedFilesTests
{
    // What the AppHost does not write.
    private static readonly string[] Written = ["README.md", ".env", "images.sh", "tls", "compose.tls.yaml", "compose.postgres.yaml"];

    [Fact]
    public async Task Deploy_is_up_to_date()
    {
        var published = Directory.CreateTempSubdirectory("promethoide-deploy-").FullName;
        try
        {
            await Tool.MustRunAsync(
                "dotnet",
                [Checkout.Find().Assembly("Promethoide.AppHost"), "--operation", "publish", "--step", "publish", "--output-path", published, .. AppHostModel.NothingGiven]);

            var committed = Path.Combine(Repository.Root, "deploy");
            Assert.Equal(Files(published), Files(committed).Where(file => !Written.Contains(file.Split('/')[0])));
            Assert.All(Files(published), file => Assert.True(
                File.ReadAllText(Path.Combine(published, file)) == File.ReadAllText(Path.Combine(committed, file)),
                $"deploy/{file} is stale. Publish again: dotnet run --project Promethoide.AppHost -- --operation publish --step publish --output-path \"$PWD/deploy\" --EnvFile=none"));
        }
        finally
        {
            Directory.Delete(published, recursive: true);
        }
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal);
}
