using System.Text.RegularExpressions;
using Promethoide.Tests.Deploy;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Documentation;

/// <summary>Links resolve, and every documented command exists.</summary>
public sealed partial class PagesTests
{
    public static TheoryData<string> Pages => [.. DocumentationFiles.Pages.Select(page => Path.GetRelativePath(Repository.Root, page))];

    [Fact]
    public void The_README_is_read_in_one_go() => Assert.InRange(File.ReadLines(Repository.Combine("README.md")).Count(), 1, 120);

    [Fact]
    public void The_README_in_Spanish_has_every_command_and_link_of_the_English_one()
    {
        var (english, spanish) = (Repository.Combine("README.md"), Repository.Combine("README.es.md"));

        Assert.Equal(Commands(english), Commands(spanish));
        Assert.Equal(Links(english).Where(link => link != "README.es.md"), Links(spanish).Where(link => link != "README.md"));
        Assert.Equal(Headings(english), Headings(spanish));

        static IEnumerable<string> Commands(string page) =>
            DocumentationFiles.CommandsOf(page)
                .Where(command =>
                    command.StartsWith("./", StringComparison.Ordinal) || command.StartsWith("dotnet ", StringComparison.Ordinal));
        static IEnumerable<string> Links(string page) =>
            Link().Matches(File.ReadAllText(page)).Select(link => link.Groups["path"].Value).Distinct().Order();
        static int Headings(string page) => File.ReadLines(page).Count(line => line.StartsWith('#'));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_leads_to_a_page_and_a_heading_that_are_there(string page)
    {
        var file = Repository.Combine(page);
        foreach (Match link in Link().Matches(File.ReadAllText(file)))
        {
            var (path, heading) = (link.Groups["path"].Value, link.Groups["heading"].Value);
            var target = path.Length == 0 ? file : Path.GetFullPath(path, Path.GetDirectoryName(file)!);
            Assert.True(Path.Exists(target), $"{page}: {link.Value}");
            if (heading.Length > 0)
            {
                Assert.Contains(heading, File.ReadLines(target).Where(line => line.StartsWith('#')).Select(AnchorOf));
            }
        }
    }

    [Fact]
    public void Every_script_and_project_that_a_command_names_is_there()
    {
        string[] scripts =
        [
            .. from page in DocumentationFiles.All
               from command in DocumentationFiles.CommandsOf(page)
               from Match script in Script().Matches(command)
               select $"{Path.GetFileName(page)} {script.Groups[1].Value}",
        ];

        Assert.NotEmpty(scripts);
        Assert.All(scripts, script => Assert.True(Path.Exists(Repository.Combine(script.Split(' ')[1])), script));
    }

    [Fact]
    public void Every_option_and_command_of_run_is_one_that_it_has()
    {
        var script = File.ReadAllText(Repository.Combine("run.sh"));
        var commands =
            from page in DocumentationFiles.All
            from command in DocumentationFiles.CommandsOf(page)
            where command.Contains("./run.sh ", StringComparison.Ordinal)
            select (page, command);

        foreach (var (page, command) in commands)
        {
            var words = command[(command.IndexOf("./run.sh ", StringComparison.Ordinal) + 9)..]
                .Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words[0] is "psql" or "reset")
            {
                Assert.Contains($"./run.sh {words[0]} ", script, StringComparison.Ordinal);
                continue;
            }

            Assert.All(words.Where(word => word.StartsWith("--", StringComparison.Ordinal)), word => Assert.True(
                word is "--run" or "--ports" or "--ephemeral" or "--until-healthy" or "--help"
                    || word.StartsWith("--POSTGRES_", StringComparison.Ordinal),
                $"{page}: {command}"));
        }
    }

    [Fact]
    public async Task Every_command_of_the_Aspire_CLI_is_one_that_it_has()
    {
        var commands =
            (from page in DocumentationFiles.All
             from command in DocumentationFiles.CommandsOf(page)
             from Match cli in Aspire().Matches(command)
             select cli.Groups[1].Value)
            .Distinct()
            .ToList();
        Assert.Contains("describe", commands);

        // The CLI sees an empty folder here, so it does not look for a project.
        var help = await Tool.MustRunAsync("dotnet", ["aspire", "--help"], [new("ASPIRE_CLI_TELEMETRY_OPTOUT", "true")]);
        Assert.All(commands, command => Assert.Matches($@"(?m)^  {command}( |$)", help));
    }

    [Fact]
    public void Every_service_that_a_compose_command_names_is_there()
    {
        var services = PublishedCompose.Read().Services.Keys;
        var named =
            from page in DocumentationFiles.All
            from command in DocumentationFiles.CommandsOf(page)
            from Match compose in Compose().Matches(command)
            select compose.Groups[1].Value;

        Assert.Superset(named.Order().ToHashSet(), services.ToHashSet());
    }

    [Theory]
    [InlineData("Promethoide.Local")]
    [InlineData("WithAspire")]
    [InlineData("./run.sh status")]
    [InlineData("./run.sh stop")]
    [InlineData("./run.sh start")]
    public void What_is_gone_is_named_in_the_changelog_only(string gone) => Assert.All(
        DocumentationFiles.All.Where(page => Path.GetFileName(page) != "CHANGELOG.md"),
        page => Assert.DoesNotContain(gone, File.ReadAllText(page), StringComparison.Ordinal));

    // As GitHub derives it from a heading.
    private static string AnchorOf(string heading) =>
        Punctuation().Replace(heading.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"\]\((?!https?://)(?<path>[^)#\s]*)(#(?<heading>[^)\s]+))?\)")]
    private static partial Regex Link();

    [GeneratedRegex(
        @"(?:^|\s|&&\s|--project\s|dotnet run\s)((?:\./|deploy/|eng/|Promethoide\.)[\w./-]*(?:\.sh|\.cs|(?<=--project\s)[\w.]+))(?=\s|$)")]
    private static partial Regex Script();

    [GeneratedRegex(@"dotnet aspire (\w+)")]
    private static partial Regex Aspire();

    [GeneratedRegex(@"docker compose (?:restart|stop|start|exec -T|exec|rm -f|rm -sf|create|up -d) ([a-z][a-z-]+)")]
    private static partial Regex Compose();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Punctuation();
}
