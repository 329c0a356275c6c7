using Promethoide.Monitoring.Alerting;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Monitoring;

public sealed class CommandLineTests : IDisposable
{
    private readonly MonitoringCopy _copy = new();

    public CommandLineTests()
    {
        foreach (var folder in (string[])["prometheus/rules", "prometheus/consoles", "runbooks"])
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(MonitoringCopy.Original, folder)))
            {
                _copy.Write(Path.Combine(folder, Path.GetFileName(file)), File.ReadAllText(file));
            }
        }
    }

    public void Dispose() => _copy.Dispose();

    [Fact]
    public async Task A_healthy_folder_is_one_line_and_0()
    {
        var result = await RunAsync("check", _copy.Folder);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Matches($@"^{_copy.Folder}: \d\d files, nothing that would stop or mislead Grafana\.\n$", result.Output);
    }

    [Fact]
    public async Task A_mistake_is_a_line_with_the_file_as_it_was_named_and_1()
    {
        const string policies = "grafana/provisioning/alerting/policies.yaml";
        _copy.Write(policies, _copy.Read(policies).Replace("group_interval: 1m", "group_interval: 0s", StringComparison.Ordinal));

        var result = await RunAsync("check", _copy.Folder);

        Assert.Equal(1, result.ExitCode);
        Assert.Matches($@"^{_copy.Folder}: \d\d files, 1 error that would stop or mislead Grafana\.\n$", result.Output);
        Assert.Equal(
            $"{_copy.Folder}/{policies}:10: error: Grafana stops at this (group_interval cannot be zero); correct it\n", result.Error);
    }

    [Fact]
    public async Task House_style_alone_is_said_and_0()
    {
        const string sources = "grafana/provisioning/datasources/more.yaml";
        _copy.Write(sources, "apiVersion: 1\ndatasources:\n  - {name: More, type: loki}\n");

        var result = await RunAsync("check", _copy.Folder);

        Assert.Equal(
            (0, $"{_copy.Folder}/{sources}:3: house style: the data source has no uid, so that Grafana makes one of its name; write uid\n"),
            (result.ExitCode, result.Error));
    }

    [Theory]
    [InlineData("check")]
    [InlineData("generate")]
    public async Task What_was_not_checked_is_said_at_the_end(string command)
    {
        var result = await Tool.RunAsync(
            Environment.ProcessPath!, [Repository.Assembly("Promethoide.Monitoring"), command, _copy.Folder], [new("PATH", "/nowhere")]);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.EndsWith(
            "Not checked, as promtool is not installed: PromQL, Prometheus' rule files, the texts of alerts, YAML as Go reads it. "
            + "On Debian and Ubuntu: apt-get install prometheus\n"
            + "Not checked, as amtool is not installed: mail templates, mute timings, time zones, matchers and intervals of policies. "
            + "On Debian and Ubuntu: apt-get install prometheus-alertmanager\n",
            result.Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Generate_leaves_files_alone_that_are_right_and_writes_none_when_a_rule_has_a_fault()
    {
        const string rules = "prometheus/rules/apache.yml";
        var before = DateTime.UnixEpoch;
        File.SetLastWriteTimeUtc(Path.Combine(_copy.Folder, GeneratedFiles.Rules), before);

        var good = await RunAsync("generate", _copy.Folder);
        _copy.Write(rules, _copy.Read(rules).Replace("interval: 10s", "interval: 15s", StringComparison.Ordinal));
        _copy.Write("runbooks/ApacheDown.md", "# ApacheDown\n\nAnother text.\n");
        var bad = await RunAsync("generate", _copy.Folder);

        Assert.Equal((0, ""), (good.ExitCode, good.Error));
        Assert.Contains($"{_copy.Folder}/{GeneratedFiles.Rules} is up to date.\n", good.Output, StringComparison.Ordinal);
        Assert.Equal(
            (2, "", $"{_copy.Folder}/{rules}:5: error: the interval '15s' is not a multiple of 10 s, which stops Grafana; write one\n"),
            (bad.ExitCode, bad.Output, bad.Error));
        Assert.Equal(before, File.GetLastWriteTimeUtc(Path.Combine(_copy.Folder, GeneratedFiles.Rules)));
        Assert.DoesNotContain("Another text", _copy.Read(GeneratedFiles.RunbooksDashboard), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_that_was_changed_and_not_generated_is_found_and_gone_after_generate()
    {
        const string rules = "prometheus/rules/apache.yml";
        _copy.Write(rules, _copy.Read(rules).Replace("apache_up == 0", "apache_up < 1", StringComparison.Ordinal));

        Assert.Contains(
            $"{GeneratedFiles.Rules}:30: error: this is not what it is generated from; run",
            (await RunAsync("check", _copy.Folder)).Error,
            StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("generate", _copy.Folder)).ExitCode);
        Assert.Equal(0, (await RunAsync("check", _copy.Folder)).ExitCode);
        Assert.Contains("expr: 'apache_up < 1 ", _copy.Read(GeneratedFiles.Rules), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("check")]
    [InlineData("generate")]
    public async Task A_folder_that_is_missing_is_said_and_2(string command)
    {
        var result = await RunAsync(command, Path.Combine(_copy.Folder, "nowhere"));

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Matches(
            $"^{_copy.Folder}/nowhere/[a-z/]+ does not exist; give the folder that has [a-z/]+, in the repository monitoring/\\.\n$",
            result.Error);
    }

    [Theory]
    [InlineData(new[] { "chekc", "monitoring" }, "chekc")]
    [InlineData(new[] { "check" }, "FOLDER")]
    [InlineData(new string[0], "check")]
    public async Task What_cannot_be_understood_is_said_and_fails(string[] arguments, string named)
    {
        var result = await RunAsync(arguments);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(named, result.Error + result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_names_the_commands_and_their_exit_codes()
    {
        var result = await RunAsync("--help");

        Assert.Equal(0, result.ExitCode);
        Assert.All(
            (string[])["generate", "check", "FOLDER", "Exit code"], word => Assert.Contains(word, result.Output, StringComparison.Ordinal));
    }

    private static Task<ToolResult> RunAsync(params string[] arguments) =>
        Tool.RunAsync("dotnet", [Repository.Assembly("Promethoide.Monitoring"), .. arguments]);
}
