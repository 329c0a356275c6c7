using System.Text.Json;
using Promethoide.Local.Control;
using Promethoide.Local.Supervision;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Local;

/// <summary>Grafana is not in Debian: a script stands in for it that says how it was started and answers its health check.</summary>
public sealed class GrafanaTests : IDisposable
{
    private const string StandIn = """
        #!/usr/bin/perl
        use IO::Socket::INET;
        open(my $out, '>', 'STARTED') or die;
        print $out "arguments=@ARGV\n", map { "$_=$ENV{$_}\n" } keys %ENV;
        close($out);
        my $server = IO::Socket::INET->new(LocalAddr => $ENV{GF_SERVER_HTTP_ADDR}, LocalPort => $ENV{GF_SERVER_HTTP_PORT}, Listen => 5, ReuseAddr => 1) or die;
        while (my $client = $server->accept()) { print $client "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"; close($client); }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("promethoide-grafana-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Where_Grafana_is_on_PATH_it_runs_with_the_repositorys_provisioning_and_a_password_of_its_own()
    {
        Install();

        var (exitCode, output, errors) = await LocalProgram.RunAsync(
            new Dictionary<string, string>
            {
                ["PATH"] = $"{_folder}/bin:{Environment.GetEnvironmentVariable("PATH")}",
                ["GR_SMTP_HOST"] = "mail.example.org:587",
                ["OPERATIONS_EMAILS"] = "operations@example.org",
            },
            "--ephemeral", "--ports", "auto", "--until-healthy", "--json");

        Assert.True(exitCode == 0, errors);
        var table = JsonSerializer.Deserialize<List<ComponentStatus>>(output, ControlJson.Options)!;
        Assert.Equal(ComponentState.Healthy, table.Single(component => component.Name == "grafana").State);
        var started = (await File.ReadAllLinesAsync(Path.Combine(_folder, "started"), TestContext.Current.CancellationToken))
            .ToDictionary(line => line[..line.IndexOf('=', StringComparison.Ordinal)], line => line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..]);
        Assert.Equal($"server --homepath={_folder}", started["arguments"]);
        Assert.True(File.Exists(Path.Combine(started["GF_PATHS_PROVISIONING"], "datasources", "prometheus.yaml")));
        Assert.Equal(table.Single(component => component.Name == "prometheus").Url, started["PROMETHEUS_URL"].Replace("127.0.0.1", "localhost", StringComparison.Ordinal));
        Assert.Equal(24, started["GF_SECURITY_ADMIN_PASSWORD"].Length);
        Assert.Equal(("false", "false"), (started["GF_AUTH_ANONYMOUS_ENABLED"], started["GF_USERS_ALLOW_SIGN_UP"]));
        Assert.Equal(("true", "mail.example.org:587", "operations@example.org"), (started["GF_SMTP_ENABLED"], started["GF_SMTP_HOST"], started["OPERATIONS_EMAILS"]));
        Assert.DoesNotContain("GF_SMTP_USER", started.Keys);
        Assert.All(Repository.VariablesOfTheProvisioning(), variable => Assert.NotEqual("", started.GetValueOrDefault(variable, "")));
        Assert.True(File.Exists(started["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]) && started["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"].StartsWith(started["DASHBOARDS_PATH"], StringComparison.Ordinal));
        Assert.DoesNotContain(started.Keys, name => name.StartsWith("PG", StringComparison.Ordinal) || name.Contains("CONNECTION", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Grafana_counts_more_than_the_preview_and_a_line_says_so()
    {
        Install();

        var (exitCode, output, errors) = await LocalProgram.RunAsync(
            new Dictionary<string, string> { ["PATH"] = $"{_folder}/bin:{Environment.GetEnvironmentVariable("PATH")}" },
            "--ephemeral", "--ports", "auto", "--until-healthy", "--preview", _folder);

        Assert.True(exitCode == 0, errors);
        Assert.Contains("it is installed, so no preview is needed", output, StringComparison.Ordinal);
        Assert.DoesNotContain("dashboard-preview", output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder, "started")));
    }

    private void Install()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "bin"));
        Directory.CreateDirectory(Path.Combine(_folder, "conf"));
        File.WriteAllText(Path.Combine(_folder, "conf", "defaults.ini"), "");
        var program = Path.Combine(_folder, "bin", "grafana");
        File.WriteAllText(program, StandIn.Replace("STARTED", Path.Combine(_folder, "started"), StringComparison.Ordinal));
        File.SetUnixFileMode(program, (UnixFileMode)0b111_101_101);
    }
}
