using System.Text.Json;
using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using Npgsql;
using Promethoide.Tests.AppHost;
using Promethoide.Tests.Deploy;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Monitoring;

/// <summary>Every command in a runbook can be run: an engineer on call at night has no time for one that does not exist.</summary>
public sealed partial class RunbookCommandsTests(PostgresServer server)
{
    // The programs that each image has; the .NET images have no shell.
    private static readonly Dictionary<string, string[]> Programs = new()
    {
        ["postgres"] = ["sh", "psql", "pg_isready", "du"],
        ["apache"] = ["httpd"],
        ["rest-api"] = ["dotnet"],
        ["smoke"] = ["dotnet"],
        ["prometheus"] = ["promtool", "ls", "du"],
        ["blackbox-exporter"] = ["blackbox_exporter"],
        ["pushgateway"] = ["wget"],
    };

    // Aspire adds these commands to every resource when it starts a network.
    private static readonly string[] Lifecycle = ["start", "stop", "restart"];

    private static IReadOnlyList<string> Pages => RunbookFiles.Pages;

    public static TheoryData<string> Names => [.. Pages];

    // The rules' unit tests are run individually elsewhere.
    public static TheoryData<string> Checks =>
    [
        .. Pages.SelectMany(RunbookFiles.CommandsOf)
            .Where(command => LocalCheck().IsMatch(command) && !command.Contains("promtool test", StringComparison.Ordinal)
                || InContainer(command) is { Program: "promtool" or "blackbox_exporter" or "httpd" })
            .Distinct(),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_page_has_commands_for_the_Aspire_CLI_for_compose_and_for_Kubernetes(string page)
    {
        var text = string.Join('\n', RunbookFiles.BlocksOf(page, "bash"));

        Assert.Contains("# Aspire CLI\n", text, StringComparison.Ordinal);
        Assert.Contains("# docker compose, in deploy/compose/\n", text, StringComparison.Ordinal);
        Assert.Contains("# Kubernetes\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_resource_is_one_of_the_AppHosts_and_has_the_command()
    {
        await using var model = await AppHostModel.MakeAsync("processes", []);
        var wrong = new List<string>();
        var checkedOnes = 0;
        foreach (var page in Pages)
        {
            foreach (Match cli in RunbookFiles.CommandsOf(page).SelectMany(command => Aspire().Matches(command)))
            {
                checkedOnes++;
                var resource = model.Builder.Resources.SingleOrDefault(resource => resource.Name == cli.Groups["resource"].Value);
                var commands = resource?.Annotations.OfType<ResourceCommandAnnotation>()
                    .Select(command => command.Name)
                    .Concat(resource is ExecutableResource or ProjectResource or ContainerResource ? Lifecycle : [])
                    ?? [];
                if (resource is null || cli.Groups["command"].Success && !commands.Contains(cli.Groups["command"].Value))
                {
                    wrong.Add($"{page}: {cli.Value}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.InRange(checkedOnes, 60, int.MaxValue);
    }

    [Fact]
    public void Every_compose_command_names_services_that_are_there_and_programs_that_their_images_have()
    {
        var services = PublishedCompose.Read().Services.Keys.ToHashSet();
        var wrong = new List<string>();
        var checkedOnes = 0;
        foreach (var page in Pages)
        {
            foreach (var command in RunbookFiles.CommandsOf(page)
                .Where(command => command.Contains("docker compose ", StringComparison.Ordinal)))
            {
                checkedOnes++;
                var one = InContainer(command);
                var named = one is { } container
                    ? [container.Service]
                    : Compose().Match(command) is { Success: true } match ? ServicesIn(match.Groups["rest"].Value) : ["?"];
                if (named.Except(services).Any()
                    || one is { } inside && !Programs.GetValueOrDefault(inside.Service, []).Contains(inside.Program))
                {
                    wrong.Add($"{page}: {command}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.InRange(checkedOnes, 60, int.MaxValue);
    }

    [Fact]
    public async Task Prometheus_accepts_every_query()
    {
        var rules = Pages.SelectMany(RunbookFiles.QueriesOf)
            .Select((query, index) => new { record = $"query_{index}", expr = query })
            .ToList();
        Assert.InRange(rules.Count, 35, int.MaxValue);
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(
                file,
                JsonSerializer.Serialize(new { groups = new[] { new { name = "runbooks", rules } } }),
                TestContext.Current.CancellationToken);

            var result = await Tool.RunAsync("promtool", ["check", "rules", file]);

            Assert.True(result.ExitCode == 0, result.Output + result.Error);
        }
        finally
        {
            File.Delete(file);
        }
    }

    // Other tests check the dashboards' metrics on the running network and the rules' metrics in their unit tests.
    [Fact]
    public void Every_metric_of_a_query_is_one_that_dashboards_or_rules_use()
    {
        var known = DashboardFiles.WithQueries.SelectMany(dashboard => dashboard.Queries)
            .SelectMany(panel => panel.Queries)
            .SelectMany(query => query.Selectors)
            .Select(selector => selector.Metric)
            .Concat(((string[])[RuleFiles.Folder, RuleFiles.TestFolder]).SelectMany(folder => Directory.GetFiles(folder))
                .SelectMany(file => Word().Matches(File.ReadAllText(file)))
                .Select(word => word.Value))
            .ToHashSet();

        var unknown = from page in Pages
                      from query in RunbookFiles.QueriesOf(page)
                      from Match word in Word().Matches(NotAMetric().Replace(Strings().Replace(query, "\"\""), ""))
                      where !known.Contains(word.Value)
                      select $"{page}: {word.Value} in {query}";
        Assert.True(!unknown.Any(), string.Join('\n', unknown));
    }

    [Fact]
    public async Task PostgreSQL_understands_every_statement()
    {
        var database = await (await server.CreateDatabaseAsync()).MigrateAsync();
        await using var source = NpgsqlDataSource.Create(database.AsOwner);
        var statements = Pages.SelectMany(page => RunbookFiles.BlocksOf(page, "sql").Select(sql => (Page: page, Sql: sql.Trim()))).ToList();
        Assert.InRange(statements.Count, 8, int.MaxValue);

        foreach (var (page, sql) in statements)
        {
            // Only planned, not run: some of them terminate sessions.
            await using var command = source.CreateCommand($"EXPLAIN {sql}");
            var failure = await Record.ExceptionAsync(() => command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
            Assert.True(failure is null, $"{page}: {failure?.Message}\n{sql}");
            Assert.EndsWith(";", sql, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Checks))]
    public async Task A_check_of_the_configuration_passes(string command)
    {
        var container = InContainer(command);
        if (container is { Program: "httpd" })
        {
            // Debian's name for the program, and the variables that the image sets.
            var folder = Directory.CreateTempSubdirectory("promethoide-httpd-").FullName;
            var result = await Tool.RunAsync(
                "apache2",
                [container.Value.Arguments, "-d", Repository.Combine("Promethoide.Web", "Apache"), "-f", "httpd.conf"],
                [
                    new("WEB_HTTP", "http://127.0.0.1:5002"), new("REST_API_HTTP", "http://127.0.0.1:5001"),
                    new("APACHE_MODULES", "/usr/lib/apache2/modules"), new("APACHE_RUN_DIR", folder),
                ]);
            Directory.Delete(folder, recursive: true);
            Assert.True(result.ExitCode == 0 && result.Error.Contains("Syntax OK", StringComparison.Ordinal), result.Output + result.Error);
            return;
        }

        var line = container is { } inside
            ? Here(
                inside.Service,
                $"{(inside.Program == "blackbox_exporter" ? "prometheus-blackbox-exporter" : inside.Program)} {inside.Arguments}")
            : command;
        var check = await Tool.RunAsync("sh", ["-c", $"cd '{Repository.Root}' && {line}"]);
        Assert.True(check.ExitCode == 0, $"{line}\n{check.Output}{check.Error}");
    }

    [Fact]
    public void There_is_a_check_for_each_configuration() =>
        Assert.All(
            (string[])
            [
                "httpd -t", "promtool check config", "blackbox_exporter --config.check", "prometheus-blackbox-exporter --config.check",
            ],
            check => Assert.Contains(Checks, row => row.Data.Contains(check, StringComparison.Ordinal)));

    // Replaces a container's paths with those of the checkout.
    private static string Here(string service, string line) => PublishedCompose.Read().Services[service].Mounts
        .Where(mount => mount.Type == "bind")
        .Aggregate(line, (current, mount) =>
            current.Replace(mount.Target, Path.GetFullPath(mount.Source, PublishedCompose.Folder), StringComparison.Ordinal));

    private static (string Service, string Program, string Arguments)? InContainer(string command) =>
        Exec().Match(command) is { Success: true } match
            ? (match.Groups["service"].Value, match.Groups["program"].Value, match.Groups["arguments"].Value.Trim())
            : null;

    // Words that are neither options nor their values, up to the first shell operator.
    private static string[] ServicesIn(string rest) =>
        [.. Option().Replace(rest, "").Split(' ', StringSplitOptions.RemoveEmptyEntries).TakeWhile(word => word[0] is not ('|' or '>'))];

    [GeneratedRegex(@"dotnet aspire (?:resource (?<resource>[\w-]+) (?<command>[\w-]+)|(?:describe|logs|wait) (?<resource>[\w-]+))")]
    private static partial Regex Aspire();

    [GeneratedRegex(@"^docker compose exec (?:-T )?(?<service>[\w-]+) (?<program>[\w-]+)(?<arguments>.*)$")]
    private static partial Regex Exec();

    [GeneratedRegex(@"^docker compose (?:ps|logs|restart|start|stop|up|pull)(?<rest>.*)$")]
    private static partial Regex Compose();

    [GeneratedRegex(@" (--tail \d+|--since \w+|--timestamps|-d|>\S+)(?= |$)")]
    private static partial Regex Option();

    [GeneratedRegex(@"^(promtool|prometheus-blackbox-exporter) ")]
    private static partial Regex LocalCheck();

    [GeneratedRegex("\"(?:\\\\.|[^\"\\\\])*\"")]
    private static partial Regex Strings();

    // Matchers, ranges, label lists, functions, keywords and numbers; strings have been emptied by then.
    [GeneratedRegex(
        """\{[^{}]*\}|\[[^\]]*\]|\b(by|on|ignoring|without) ?\([^()]*\)|\b[a-z_]+(?=\()"""
        + """|\b(sum|min|max|avg|count|by|and|or|unless|offset)\b|\b\d\w*(\.\d+)?\b""")]
    private static partial Regex NotAMetric();

    [GeneratedRegex("[a-zA-Z_:][a-zA-Z0-9_:]*")]
    private static partial Regex Word();
}
