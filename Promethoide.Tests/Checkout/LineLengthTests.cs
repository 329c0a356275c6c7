using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Checkout;

/// <summary>The maximum line length of code; <c>.editorconfig</c> sets it for editors.</summary>
public sealed class LineLengthTests
{
    private const int Longest = 140;

    [Fact]
    public async Task No_line_of_code_is_longer_than_140_columns()
    {
        var found = new List<string>();
        foreach (var file in (await Repository.FilesAsync()).Where(file =>
            file.EndsWith(".cs", StringComparison.Ordinal) && !IsGenerated(file)))
        {
            var lines = await File.ReadAllLinesAsync(Repository.Combine(file), TestContext.Current.CancellationToken);
            found.AddRange(lines.Index().Where(line => line.Item.Length > Longest).Select(line => $"{file}:{line.Index + 1}"));
        }

        Assert.Empty(found);
    }

    // Entity Framework generates migrations.
    private static bool IsGenerated(string file) => file.Contains("/Migrations/", StringComparison.Ordinal);
}
