using System.Net;
using System.Net.Sockets;
using Promethoide.Tests.Fixtures;
using Promethoide.Tests.Network;

namespace Promethoide.Tests.AppHost;

/// <summary>The error when the network cannot start: one sentence, what to do, and exit code 1.</summary>
public sealed class StartTests : IAsyncDisposable
{
    private readonly AppHostProgram _program = new();

    public ValueTask DisposeAsync() => _program.DisposeAsync();

    [Fact]
    public async Task A_port_that_somebody_has_is_told_with_its_owner_and_a_way_out()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        await IsToldAsync($"Port {port} for apache is in use by", "--ports apache=NUMBER", "--ports", $"auto,apache={port}");
    }

    [Fact]
    public Task A_port_that_is_chosen_twice_is_told_with_both_names() =>
        IsToldAsync("Port 18080 is chosen for", "web and prometheus", "--ports", "auto,web=18080,prometheus=18080");

    [Fact]
    public Task An_option_that_there_is_not_is_told() => IsToldAsync("'--ephemral' is not known", "See --help", "--ephemral");

    [Fact]
    public async Task Programs_that_are_missing_are_told_at_once_with_the_packages_that_have_them()
    {
        // A PATH with .NET and nothing else; servers in /usr/sbin are still found.
        var path = Directory.CreateTempSubdirectory("promethoide-path-").FullName;
        var dotnet = new FileInfo(Environment.ProcessPath is { } own && Path.GetFileName(own) == "dotnet" ? own : "/usr/bin/dotnet");
        File.CreateSymbolicLink(
            Path.Combine(path, "dotnet"), dotnet.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? dotnet.FullName);
        try
        {
            var result = await _program.RunAsync(new Dictionary<string, string?> { ["PATH"] = path });

            Assert.Equal(1, result.ExitCode);
            Assert.Contains("Not installed: mtail, prometheus, prometheus-", result.Error, StringComparison.Ordinal);
            Assert.Contains("apt-get install --no-install-recommends mtail prometheus ", result.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }
    }

    [Fact]
    public async Task A_program_that_is_not_executable_is_told()
    {
        var path = Directory.CreateTempSubdirectory("promethoide-path-").FullName;
        await File.WriteAllTextAsync(
            Path.Combine(path, "dotnet"), "#!/bin/sh\nPATH=${PATH#*:} exec dotnet \"$@\"\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(Path.Combine(path, "dotnet"), (UnixFileMode)0b111_101_101);
        await File.WriteAllTextAsync(Path.Combine(path, "mtail"), "", TestContext.Current.CancellationToken);
        try
        {
            await IsToldAsync(
                $"Not executable: {path}/mtail",
                "chmod +x",
                new Dictionary<string, string?> { ["PATH"] = $"{path}:/bin-that-is-not-there" });
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }
    }

    [Fact]
    public async Task A_file_in_the_place_of_the_data_is_told()
    {
        await File.WriteAllTextAsync(_program.Data, "", TestContext.Current.CancellationToken);

        await IsToldAsync($"{_program.Data} cannot be used: ", "choose another folder: PROMETHOIDE_DATA=DIR");
    }

    [Fact]
    public Task What_Aspire_itself_cannot_start_is_told() =>
        IsToldAsync(
            "The network could not be started: ", "/no/such/dcp", "--DcpPublisher:CliPath=/no/such/dcp", "--ephemeral", "--ports", "auto");

    // Too small for the lock, or for PostgreSQL's data.
    [Theory]
    [InlineData("nr_inodes=1", "cannot be used: No space left on device")]
    [InlineData("size=8m", " did not start")]
    public async Task A_disk_that_is_full_is_told(string size, string sentence)
    {
        Assert.SkipUnless(SmallDisk.IsPossible, "Only root can mount a small disk, and not in every container.");
        Directory.CreateDirectory(_program.Data);
        await Tool.MustRunAsync("mount", ["-t", "tmpfs", "-o", $"{size},mode=711", "full", _program.Data]);
        try
        {
            var result = await _program.RunAsync(arguments: ["--POSTGRES_PASSWORD=x"]);

            Assert.Equal(1, result.ExitCode);
            var told = result.Output + result.Error;
            Assert.Contains(sentence, told, StringComparison.Ordinal);
            Assert.Contains("No space left on device", told, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", told, StringComparison.Ordinal);
        }
        finally
        {
            await Eventually.GetAsync(
                () => Tool.RunAsync("umount", [_program.Data]), result => result.ExitCode == 0, result => result.Error);
        }
    }

    [Fact]
    public async Task A_component_that_does_not_start_is_told_with_the_end_of_its_log_and_everything_else_is_stopped_again()
    {
        var result = await _program.RunAsync(new Dictionary<string, string?> { ["Limits__RequestsPerSecond"] = "-1" }, "--ephemeral");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("rest-api did not start: it ended with exit code ", result.Output, StringComparison.Ordinal);
        Assert.Contains(
            "RequestsPerSecond",
            result.Output[result.Output.IndexOf("The end of its log:", StringComparison.Ordinal)..],
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_of_another_version_of_PostgreSQL_are_left_alone()
    {
        var data = Directory.CreateDirectory(Path.Combine(_program.Data, "postgres", "data")).FullName;
        await File.WriteAllTextAsync(Path.Combine(data, "PG_VERSION"), "9\n", TestContext.Current.CancellationToken);

        await IsToldAsync("were written by PostgreSQL 9; installed is", "Install postgresql-9", "--POSTGRES_PASSWORD=x");
    }

    [Fact]
    public async Task Data_whose_password_is_neither_given_nor_stored_are_not_given_a_new_one()
    {
        var data = Directory.CreateDirectory(Path.Combine(_program.Data, "postgres", "data")).FullName;
        await File.WriteAllTextAsync(Path.Combine(data, "PG_VERSION"), "15\n", TestContext.Current.CancellationToken);

        await IsToldAsync("have a password that is neither given nor stored here", "POSTGRES_PASSWORD");
    }

    private Task IsToldAsync(string sentence, string whatToDo, params string[] arguments) =>
        IsToldAsync(sentence, whatToDo, new Dictionary<string, string?>(), arguments);

    private async Task IsToldAsync(string sentence, string whatToDo, Dictionary<string, string?> environment, params string[] arguments)
    {
        var result = await _program.RunAsync(environment, arguments);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
        Assert.Contains(whatToDo, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }
}
