using k8s.Models;
using Npgsql;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Deploy.Kubernetes;

/// <summary>What the job and the installation run, on their own server.</summary>
public sealed class JobTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("promethoide-job-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_job_makes_database_and_roles_sets_their_passwords_each_time_and_migrates()
    {
        await using var server = new PostgresServer();
        var owner = new NpgsqlConnectionStringBuilder((await server.CreateDatabaseAsync(withRoles: false)).AsOwner) { Pooling = false };
        var manifests = await Manifests.OfAsync("small");
        var job = manifests.Get<V1Job>("migrations").Spec.Template.Spec;

        await PrepareAsync("first");
        await PrepareAsync("second");

        Assert.Null(await Record.ExceptionAsync(() => LogInAsync("promethoide_api", "second")));
        Assert.Equal(
            PostgresErrorCodes.InvalidPassword,
            (await Assert.ThrowsAsync<PostgresException>(() => LogInAsync("promethoide_api", "first"))).SqlState);
        var environment = Filled(Assert.Single(job.Containers), "second");
        foreach (var said in (string[])["Applied the migration", "is up to date"])
        {
            var migrated = await Tool.RunAsync("dotnet", [Repository.Assembly("Promethoide.Api"), .. job.Containers[0].Args], environment);
            Assert.True(migrated.ExitCode == 0, migrated.Error);
            Assert.Contains(said, migrated.Output, StringComparison.Ordinal);
        }

        async Task PrepareAsync(string password)
        {
            var container = Assert.Single(job.InitContainers);
            await Tool.MustRunAsync(
                container.Command[0],
                [
                    .. container.Command.Skip(1),
                    container.Args[0].Replace("/sql/", $"{Repository.Combine("postgres")}/", StringComparison.Ordinal),
                ],
                Filled(container, password));
        }

        // The overlay's settings except the server's address, and the Secrets' values.
        Dictionary<string, string?> Filled(V1Container container, string password) => manifests.EnvironmentOf(container).ToDictionary(
            variable => variable.Key,
            variable => (string?)variable.Value
                .Replace("<database owner>", owner.Password, StringComparison.Ordinal)
                .Replace("<database api>", password, StringComparison.Ordinal)
                .Replace("<database monitor>", password, StringComparison.Ordinal)
                .Replace("<desk supervisor-password>", "supervisorsSecret", StringComparison.Ordinal)
                .Replace("<desk smoke-key>", $"pmk_{new string('s', 43)}", StringComparison.Ordinal)
                .Replace(
                    "Host=postgres;Port=5432;Username=promethoide;",
                    $"Host={owner.Host};Port={owner.Port};Username={owner.Username};",
                    StringComparison.Ordinal))
            .Select(variable => variable.Key switch
            {
                "PGHOST" => new(variable.Key, owner.Host),
                "PGPORT" => new(variable.Key, $"{owner.Port}"),
                "PGUSER" => new(variable.Key, owner.Username),
                _ => variable,
            }).ToDictionary();

        async Task LogInAsync(string role, string password)
        {
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(owner.ConnectionString)
            {
                Database = "promethoide",
                Username = role,
                Password = password,
            }.ConnectionString);
            await connection.OpenAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task The_installation_makes_a_Secret_of_everything_that_is_referred_to_and_no_two_passwords_are_the_same()
    {
        var log = Path.Combine(_folder, "log");
        Write("kubectl", $"""
            printf '%s\n' "$@" >>'{log}'
            case "$*" in */dev/stdin*) cat >>'{log}' ;; esac
            """);
        Write("docker", "echo '<key />'");
        var block = KubernetesReadme.Section("Install").Split("```")[1].Trim();

        await Tool.MustRunAsync(
            "bash", ["-euo", "pipefail", "-c", block], [new("PATH", $"{_folder}:{Environment.GetEnvironmentVariable("PATH")}")]);

        var made = await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken);
        Assert.Matches("(?m)^--from-literal=smoke-key=pmk_[A-Za-z0-9_-]{43}$", made);
        Assert.Contains("<key />", made, StringComparison.Ordinal);
        var passwords = made.Split('\n')
            .Where(line =>
                line.StartsWith("--from-literal=", StringComparison.Ordinal) && !line.Contains("smoke-key", StringComparison.Ordinal))
            .Select(line => line.Split('=')[2])
            .ToList();
        Assert.All(passwords, password => Assert.Matches("^[0-9a-f]{32}$", password));
        Assert.Equal(5, passwords.Distinct().Count());
    }

    private void Write(string name, string script)
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllText(file, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
