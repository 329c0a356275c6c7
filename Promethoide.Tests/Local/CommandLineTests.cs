using System.Net;
using System.Net.Sockets;
using Promethoide.Local.State;
using Promethoide.Local.Supervision;

namespace Promethoide.Tests.Local;

/// <summary>What a user meets on the command line: mistakes answered with one clear sentence and exit code 1, nothing half-started.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("promethoide-cli-").FullName;

    public CommandLineTests() => File.SetUnixFileMode(_folder, (UnixFileMode)0b111_101_101);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_port_in_use_is_one_sentence_and_nothing_is_started()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var (exitCode, output, errors) = await LocalProgram.RunAsync("--data", _folder, "--ports", $"auto,apache={port}", "--until-healthy");

        Assert.Equal((1, ""), (exitCode, output));
        Assert.StartsWith($"port {port} for apache is in use by ", Sentence(errors), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.Combine(_folder, "processes")));
    }

    [Fact]
    public async Task A_missing_program_is_one_sentence_that_names_all_of_them()
    {
        // All that starting needs, and none of what is started.
        foreach (var program in (string[])["dotnet", "bash", "setsid", "setpriv"])
        {
            File.CreateSymbolicLink(Path.Combine(_folder, program), Which(program));
        }

        var (exitCode, _, errors) = await LocalProgram.RunAsync(new Dictionary<string, string> { ["PATH"] = _folder }, "--ephemeral", "--ports", "auto");

        Assert.Equal(1, exitCode);
        Assert.StartsWith("Not installed: ", Sentence(errors), StringComparison.Ordinal);
        Assert.Contains("prometheus (for prometheus)", errors, StringComparison.Ordinal);
        Assert.Contains("prometheus-pushgateway (for pushgateway)", errors, StringComparison.Ordinal);
        Assert.Contains("./run.sh", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_of_another_PostgreSQL_are_left_alone_and_both_versions_named()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "postgres", "data"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "postgres", "data", "PG_VERSION"), "9\n", TestContext.Current.CancellationToken);

        var (exitCode, _, errors) = await LocalProgram.RunAsync("--data", _folder, "--ports", "auto");

        Assert.Equal(1, exitCode);
        Assert.StartsWith($"The data in {_folder}/postgres were written by PostgreSQL 9; installed is postgres (PostgreSQL) ", Sentence(errors), StringComparison.Ordinal);
        Assert.Contains("./run.sh reset", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_one_sentence()
    {
        var (exitCode, _, errors) = await LocalProgram.RunAsync("--data", "/proc/promethoide");

        Assert.Equal(1, exitCode);
        Assert.Contains("--data DIR", Sentence(errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--data and --ephemeral exclude each other", "--ephemeral", "--data", "x")]
    [InlineData("--ports has 'wep=1'", "--ports", "wep=1")]
    [InlineData("No network runs with the data in ", "status", "--data", "/nonexistent")]
    [InlineData("No network runs with the data in ", "stop", "web", "--data", "/nonexistent")]
    [InlineData("There is nothing to delete: /nonexistent", "reset", "--data", "/nonexistent")]
    [InlineData("/nonexistent holds no built preview.", "--ephemeral", "--ports", "auto", "--preview", "/nonexistent")]
    [InlineData("--prometheus is 'localhost:9090';", "preview", "/nonexistent", "--prometheus", "localhost:9090")]
    public async Task A_mistake_on_the_command_line_is_one_sentence(string beginning, params string[] arguments)
    {
        var (exitCode, output, errors) = await LocalProgram.RunAsync(arguments);

        Assert.Equal((1, ""), (exitCode, output));
        Assert.StartsWith(beginning, Sentence(errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_setting_that_cannot_be_right_is_one_sentence()
    {
        var (exitCode, _, errors) = await LocalProgram.RunAsync(new Dictionary<string, string> { ["POSTGRES_PORT"] = "five" }, "--ephemeral");

        Assert.Equal((1, "POSTGRES_PORT is 'five'; it has to be a port number from 1 to 65535."), (exitCode, Sentence(errors)));
    }

    [Fact]
    public async Task Help_names_every_option_and_command()
    {
        var (exitCode, output, _) = await LocalProgram.RunAsync("--help");

        Assert.Equal(0, exitCode);
        Assert.All(
            (string[])["--ephemeral", "--ports", "--data", "--no-restart", "--until-healthy", "--json", "stop <NAME>", "start <NAME>", "status", "psql", "reset"],
            word => Assert.Contains(word, output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Until_healthy_starts_all_prints_the_table_and_leaves_neither_process_nor_folder_behind()
    {
        var (exitCode, output, errors) = await LocalProgram.RunAsync("--ephemeral", "--ports", "auto", "--until-healthy", "--json");

        Assert.True(exitCode == 0, errors);
        var table = System.Text.Json.JsonSerializer.Deserialize<List<ComponentStatus>>(output, Promethoide.Local.Control.ControlJson.Options)!;
        Assert.All(table, component => Assert.True(component.State is ComponentState.Healthy or ComponentState.Completed, $"{component}"));
        Assert.All(table.Where(component => component.ProcessId is not null), component => Assert.False(Directory.Exists($"/proc/{component.ProcessId}")));
        Assert.DoesNotContain(StateFolder.EphemeralFolders(Checkout.Find()), folder => table[0].Log.StartsWith(folder, StringComparison.Ordinal));
    }

    private static string Which(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, program)).First(File.Exists);

    private static string Sentence(string errors) => Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
