using System.CommandLine;
using System.Text;
using System.Text.RegularExpressions;
using Promethoide.Monitoring;
using Promethoide.Monitoring.Checks;

namespace Promethoide.Tests.Monitoring;

/// <summary>However the files are mutated, both commands finish and report errors with file and line.</summary>
public sealed partial class FuzzTests : IDisposable
{
    private static readonly string[] Scalars =
    [
        "null", "~", "", "0", "-1", "1e999", "[]", "{}", "[a, [b]]", "{a: {b: c}}", "'", "\"\\ud800\"", "*nobody", "&a [*a]", "{{ .",
        "\u00a0", "\ufeff", "\t", "!!binary x", "<<: 1", "| x", "2026-01-01", new('x', 5000),
    ];

    private readonly MonitoringCopy _copy = new();

    private readonly Dictionary<string, string> _originals;

    public FuzzTests()
    {
        // A subset of the rules is enough.
        foreach (var rules in (string[])["apache", "slo"])
        {
            _copy.Write($"prometheus/rules/{rules}.yml", File.ReadAllText(Path.Combine(RuleFiles.Folder, $"{rules}.yml")));
        }

        foreach (var (_, group, alerts) in RuleFiles.Groups()
            .Where(group => group.File is "apache.yml" or "slo.yml")
            .Select(group => (group.File, group.Name, group.Alerts)))
        {
            alerts.ToList().ForEach(alert => _copy.Write($"runbooks/{alert.Name}.md", $"# {alert.Name}\n\n{group}\n"));
        }

        Assert.Equal((0, ""), Run("generate", Tools.None));
        Assert.Equal((0, ""), Run("check", Tools.None));
        _originals = Directory.EnumerateFiles(_copy.Folder, "*", SearchOption.AllDirectories)
            .ToDictionary(path => Path.GetRelativePath(_copy.Folder, path), File.ReadAllText);
    }

    public void Dispose() => _copy.Dispose();

    [Fact]
    public void No_mutation_of_a_file_is_an_exception()
    {
        var random = new Random(20261127);
        for (var turn = 0; turn < 400; turn++)
        {
            Try(random, Tools.None);
        }
    }

    [Fact]
    public void Neither_is_one_that_the_tools_judge()
    {
        var random = new Random(4711);
        for (var turn = 0; turn < 12; turn++)
        {
            Try(random, Tools.Installed);
        }
    }

    private void Try(Random random, Tools tools)
    {
        var files = _originals.Keys.Where(file => !file.EndsWith(".html", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        var file = files[random.Next(files.Count)];

        // A cut may split a character.
        var mutated = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(Mutated(_originals[file], random)));
        _copy.Write(file, mutated);
        foreach (var command in (string[])["check", "generate", "check"])
        {
            try
            {
                var (exitCode, error) = Run(command, tools);

                Assert.True(exitCode == 0
                    ? !error.Contains(": error: ", StringComparison.Ordinal)
                    : exitCode == (command == "check" ? 1 : 2) && error.Length > 0, $"{command} ended with {exitCode}: {error}");
                Assert.All(error.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Matches(Complaint(), line));
            }
            catch (Exception e)
            {
                Assert.Fail($"{command} of {file}:\n{e}\n{mutated}");
            }
        }

        foreach (var (original, text) in _originals)
        {
            _copy.Write(original, text);
        }
    }

    private static string Mutated(string text, Random random)
    {
        var lines = text.Split('\n').ToList();
        for (var times = random.Next(1, 4); times > 0 && lines.Count > 1; times--)
        {
            var (one, other) = (random.Next(lines.Count), random.Next(lines.Count));
            switch (random.Next(8))
            {
                case 0:
                    lines.RemoveAt(one);
                    break;
                case 1:
                    lines.Insert(other, lines[one]);
                    break;
                case 2:
                    (lines[one], lines[other]) = (lines[other], lines[one]);
                    break;
                case 3:
                    lines[one] = new string(' ', random.Next(6)) + lines[one].TrimStart();
                    break;
                case 4:
                    return text[..random.Next(text.Length)];
                default:
                    var scalar = Scalars[random.Next(Scalars.Length)];
                    lines[one] = lines[one].IndexOf(": ", StringComparison.Ordinal) is >= 0 and var colon && random.Next(3) > 0
                        ? lines[one][..(colon + 2)] + scalar
                        : lines[one].Insert(random.Next(lines[one].Length + 1), scalar);
                    break;
            }
        }

        return string.Join('\n', lines);
    }

    private (int ExitCode, string Error) Run(string command, Tools tools)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var exitCode = CommandLine.Create(tools)
            .Parse([command, _copy.Folder])
            .Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        return (exitCode, error.ToString());
    }

    [GeneratedRegex(@"^/.+:[1-9]\d*: (error|house style): .+[^.]$")]
    private static partial Regex Complaint();
}
