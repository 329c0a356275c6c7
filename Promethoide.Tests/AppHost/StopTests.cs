using System.Diagnostics;
using System.Globalization;
using Promethoide.Tests.Network;
using Promethoide.Tests.Web;

namespace Promethoide.Tests.AppHost;

/// <summary>The ways in which a network can end, and what remains afterwards.</summary>
public sealed class StopTests : IAsyncDisposable
{
    private const string Healthy = "Ctrl-C stops everything.";

    private readonly AppHostProgram _program = new();

    public ValueTask DisposeAsync() => _program.DisposeAsync();

    [Fact]
    public async Task However_it_ends_nothing_is_left_running_PostgreSQL_has_shut_down_and_the_next_start_has_the_data()
    {
        string password;
        await using (var first = _program.Start())
        {
            await first.SaysAsync(Healthy);
            AssertCleanEnvironment();
            // Of the files in reach, other users can read only the copies meant for them; folders that they traverse cannot be listed.
            Assert.Empty(await SucceedsAsync(
                @"find ""$PROMETHOIDE_DATA"" \( -type d ! -perm /011 -o -name 'copy-of-*' \) -prune "
                + @"-o \( -type f -perm /077 -o -type d -perm /066 \) -print"));
            await SucceedsAsync(
                "./run.sh psql --command \"INSERT INTO flights "
                + "(flight_number, airline, origin, destination, departure_date, arrival_date) "
                + "VALUES ('KEPT1', 'A', 'B', 'C', '2026-01-01', '2026-01-01')\"");
            password = (await File.ReadAllLinesAsync(Path.Combine(_program.Data, "pg_service.conf"), TestContext.Current.CancellationToken))
                .Single(line => line.StartsWith("password=", StringComparison.Ordinal))["password=".Length..];

            var second = await _program.RunAsync();
            Assert.Equal(1, second.ExitCode);
            Assert.Contains($"Promethoide already runs with the data in {_program.Data}", second.Error, StringComparison.Ordinal);
            Assert.Contains("Stop it first", await FailsAsync("./run.sh reset --yes"), StringComparison.Ordinal);

            // Like Ctrl-C.
            await first.TerminateAsync();
            Assert.DoesNotContain("unhandled", first.Output, StringComparison.OrdinalIgnoreCase);
        }

        await NothingRunsAsync();
        await HasShutDownAsync();
        Assert.Contains("No network", await FailsAsync("./run.sh psql"), StringComparison.Ordinal);

        _program.ForgetSecrets();
        var wrong = await _program.RunAsync(arguments: ["--POSTGRES_PASSWORD=wrong"]);
        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains(
            "postgres did not start: PostgreSQL refuses the password of the database's owner", wrong.Output, StringComparison.Ordinal);
        await NothingRunsAsync();

        // The correct password, although none is stored.
        await using (var third = _program.Start($"--POSTGRES_PASSWORD={password}"))
        {
            await third.SaysAsync(Healthy);
            Assert.Equal(
                "1",
                (await SucceedsAsync(
                    "./run.sh psql --no-align --tuples-only --command \"SELECT count(*) FROM flights WHERE flight_number = 'KEPT1'\""))
                    .Trim());
            Process.GetProcessById(AppHostOf(third)).Kill();
            await third.EndsAsync();
        }

        await NothingRunsAsync();
        await HasShutDownAsync();

        await SucceedsAsync("./run.sh reset --yes");
        Assert.False(Directory.Exists(_program.Data));
    }

    [Fact]
    public async Task Until_healthy_tells_where_everything_is_and_ends_with_0_and_a_throw_away_leaves_nothing()
    {
        var result = await _program.RunAsync(arguments: ["--ephemeral", "--until-healthy"]);

        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        Assert.Matches(
            @"Immigration desk  http://localhost:\d+/sign-in\?link=[A-Za-z0-9_-]{43}   signs in once as supervisor; "
            + @"first password: [A-Za-z0-9]{24}\r?\n",
            result.Output);
        Assert.All(
            (string[])["REST API          http://localhost:", "Prometheus        http://localhost:", "Aspire dashboard  http://localhost:"],
            line => Assert.Contains(line, result.Output, StringComparison.Ordinal));
        await NothingRunsAsync();
        Assert.False(Directory.Exists(_program.Data));
    }

    [Fact]
    public async Task A_start_that_is_interrupted_while_PostgreSQLs_data_are_made_ends_what_it_has_started_before_their_folder_goes()
    {
        for (var delay = 0; delay < 1000; delay += 200)
        {
            await using var start = _program.Start("--ephemeral");
            var making = (await Eventually.GetAsync(
                () => Task.FromResult(_program.Processes()),
                processes => processes.Any(IsMaking),
                processes => string.Join("\n", processes)))
                .First(IsMaking)
                .Split(' ');
            await Task.Delay(delay, TestContext.Current.CancellationToken);

            await start.TerminateAsync();

            Assert.All(
                (string[])["nhandled", "xception", "   at ", "did not start"],
                words => Assert.DoesNotContain(words, start.Output, StringComparison.Ordinal));
            Assert.Contains("Stopping everything.", start.Output, StringComparison.Ordinal);
            var folder = Path.GetFullPath(Path.Combine(making[Array.IndexOf(making, "--pgdata") + 1], "..", ".."));
            Assert.False(Directory.Exists(folder), folder);
            Assert.DoesNotContain(_program.Processes(), process => process.Contains(folder, StringComparison.Ordinal));
        }

        await NothingRunsAsync();

        static bool IsMaking(string process) => process.Contains("initdb --pgdata", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_Promethoide_did_not_make_is_not_deleted()
    {
        var own = Directory.CreateDirectory(_program.Data).CreateSubdirectory("photographs").FullName;

        Assert.Contains("is not a folder that Promethoide made", await FailsAsync("./run.sh reset --yes"), StringComparison.Ordinal);

        Assert.True(Directory.Exists(own));
    }

    // A component inherits nothing from the shell that it could mistake for its own.
    private void AssertCleanEnvironment()
    {
        var components = _program.Processes()
            .Where(process =>
                process.Contains($"{_program.Data}/p", StringComparison.Ordinal) && !process.Contains("dcp", StringComparison.Ordinal))
            .ToList();
        Assert.True(components.Count >= 3, string.Join("\n", components));
        Assert.All(components, process =>
        {
            var environment = File.ReadAllText($"/proc/{process.Split(' ')[0]}/environ").Split('\0');
            Assert.Contains(environment, variable => variable.StartsWith("PATH=", StringComparison.Ordinal));
            Assert.DoesNotContain(environment, variable => variable.StartsWith($"{AppHostProgram.Foreign}=", StringComparison.Ordinal));
        });
    }

    // The test starts `dotnet run`, which starts the AppHost.
    private static int AppHostOf(RunningProgram program) =>
        int.Parse(File.ReadAllText($"/proc/{program.Id}/task/{program.Id}/children").Split(' ')[0], CultureInfo.InvariantCulture);

    private async Task NothingRunsAsync() =>
        await Eventually.GetAsync(
            () => Task.FromResult(_program.Processes()), processes => processes.Count == 0, processes => string.Join("\n", processes));

    private async Task HasShutDownAsync() => Assert.Contains(
        "shut down",
        (await SucceedsAsync(
            $"$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)/pg_controldata '{_program.Data}/postgres/data' "
            + "| grep 'cluster state'"))
            .Split(':')[1],
        StringComparison.Ordinal);

    private async Task<string> SucceedsAsync(string line)
    {
        var result = await _program.ShellAsync(line);
        Assert.True(result.ExitCode == 0, $"{line}: {result.Output}{result.Error}");
        return result.Output;
    }

    private async Task<string> FailsAsync(string line)
    {
        var result = await _program.ShellAsync(line);
        Assert.True(result.ExitCode == 1, $"{line}: {result.ExitCode} {result.Output}{result.Error}");
        return result.Error;
    }
}
