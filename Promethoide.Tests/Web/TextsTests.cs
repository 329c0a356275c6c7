using System.Text.RegularExpressions;
using System.Xml.Linq;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Web;

public sealed class TextsTests
{
    private static readonly Dictionary<string, string> Spanish = Read("Texts.resx");
    private static readonly Dictionary<string, string> English = Read("Texts.en.resx");

    [Fact]
    public void Both_languages_have_the_same_texts()
    {
        Assert.NotEmpty(Spanish);
        Assert.Equal(Spanish.Keys.Order(StringComparer.Ordinal), English.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void No_text_is_empty_and_both_languages_fill_in_the_same_values()
    {
        Assert.All(Spanish, text =>
        {
            Assert.False(string.IsNullOrWhiteSpace(text.Value));
            Assert.False(string.IsNullOrWhiteSpace(English[text.Key]));
            Assert.Equal(Placeholders(text.Value), Placeholders(English[text.Key]));
        });
    }

    [Fact]
    public void Every_text_is_used()
    {
        var sources = string.Concat(Directory
            .EnumerateFiles(Repository.Combine("Promethoide.Web", "Components"), "*", SearchOption.AllDirectories)
            .Select(File.ReadAllText));

        Assert.All(Spanish.Keys, key => Assert.Matches($@"\bTexts\.{key}\b", sources));
    }

    private static Dictionary<string, string> Read(string file) =>
        XDocument.Load(Repository.Combine("Promethoide.Web", "Resources", file)).Root!.Elements("data")
            .ToDictionary(data => (string)data.Attribute("name")!, data => (string)data.Element("value")!);

    private static IEnumerable<string> Placeholders(string text) =>
        Regex.Matches(text, @"\{[0-9]+\}").Select(match => match.Value).Order(StringComparer.Ordinal);
}
