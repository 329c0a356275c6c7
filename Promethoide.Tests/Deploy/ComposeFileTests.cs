using System.Globalization;
using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using Promethoide.Tests.AppHost;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Deploy;

/// <summary>The compose file that an operator starts; nothing is started here.</summary>
public sealed partial class ComposeFileTests
{
    private static readonly PublishedCompose Compose = PublishedCompose.Read();

    // The exceptions to what every service must have.
    private static readonly string[] Jobs = ["migrations"];
    private static readonly string[] Watching = ["grafana", "mailpit"];

    public static TheoryData<string> Services => [.. Compose.Services.Keys];

    [Fact]
    public void Each_part_of_the_design_is_there()
    {
        Assert.Equal(
            [
                "apache", "apache-exporter", "apache-log-exporter", "blackbox-exporter", "grafana", "mailpit", "migrations",
                "node-exporter", "postgres", "postgres-exporter", "prometheus", "pushgateway", "rest-api", "smoke", "web",
            ],
            Compose.Services.Keys.Order());
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Those_who_are_watched_and_those_who_watch_share_no_network_but_Prometheus(string name)
    {
        Assert.Equal(
            name == "prometheus"
                ? ["operations-net", "services-net"]
                : Watching.Contains(name) ? ["operations-net"] : (string[])["services-net"],
            Compose.Services[name].List("networks").Order());
        Assert.Null(Compose.Services[name]["network_mode"]);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Only_Apache_and_Grafana_are_published_beyond_this_machine(string name)
    {
        string[] expected = name switch
        {
            "apache" => ["${APACHE_PORT:-8080}:8080"],
            "grafana" => ["${GRAFANA_PORT:-3000}:3000"],
            "prometheus" => ["${PROMETHEUS_PORT:-127.0.0.1:9090}:9090"],
            "mailpit" => ["${MAILPIT_PORT:-127.0.0.1:8025}:8025"],
            _ => [],
        };

        Assert.Equal(expected, Compose.Services[name].List("ports"));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void A_service_is_watched_restarted_and_limited(string name)
    {
        var service = Compose.Services[name];

        Assert.Equal(Jobs.Contains(name) ? "no" : "unless-stopped", service["restart"]);
        Assert.Equal(!Jobs.Contains(name), service.List("healthcheck", "test").Count > 1);
        Assert.Matches("^[0-9]+m$", service["mem_limit"]);
        Assert.Equal("10m", service["logging", "options", "max-size"]);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void A_service_may_do_nothing_special_and_writes_to_its_volumes_only(string name)
    {
        var service = Compose.Services[name];

        Assert.Equal("true", service["read_only"]);
        Assert.Equal(["ALL"], service.List("cap_drop"));
        // PostgreSQL starts as root to hand its volume over to the server's user.
        Assert.Equal(name == "postgres" ? ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"] : [], service.List("cap_add"));
        Assert.Equal(["no-new-privileges:true"], service.List("security_opt"));
        Assert.All(service.Mounts.Where(mount => mount.Type == "bind"), mount => Assert.True(mount.ReadOnly, mount.Target));
        Assert.Null(service["privileged"]);
    }

    [Fact]
    public void Nobody_starts_before_what_it_needs_is_healthy_or_done()
    {
        var waits = Compose.Services.SelectMany(service =>
            service.Value.Map("depends_on").Select(dependency => $"{service.Key}: {dependency.Key} {dependency.Value.Split(' ')[^1]}"));

        Assert.Equal(
            [
                "apache-exporter: apache service_healthy", "apache-log-exporter: apache service_healthy",
                "apache: rest-api service_healthy", "apache: web service_healthy", "grafana: prometheus service_healthy",
                "migrations: postgres service_healthy", "postgres-exporter: postgres service_healthy",
                "rest-api: migrations service_completed_successfully", "smoke: apache service_healthy", "web: rest-api service_healthy",
            ],
            waits.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Data_are_in_named_volumes_and_the_desks_keys_too()
    {
        var volumes = Compose.Services.SelectMany(service =>
            service.Value.Mounts.Where(mount => mount.Type == "volume").Select(mount => $"{service.Key} {mount.Source} {mount.Target}"));

        Assert.Equal(
            [
                "apache apache-log /usr/local/apache2/metrics", "apache-log-exporter apache-log /logs", "grafana grafana /var/lib/grafana",
                "postgres postgres /var/lib/postgresql", "prometheus prometheus /prometheus", "pushgateway pushgateway /pushgateway",
                "web web-keys /home/app",
            ],
            volumes.Order());
        Assert.Equal("/home/app/keys", Compose.Services["web"]["environment", "DataProtection__KeysDirectory"]);
    }

    [Fact]
    public void Mounts_work_from_the_checkout()
    {
        var sources = Compose.Services.Values.SelectMany(service => service.Mounts)
            .Where(mount => mount.Type == "bind")
            .Select(mount => mount.Source)
            .Except(["/", "/proc", "/sys", "/etc/localtime"]).ToList();

        Assert.All(sources, source =>
        {
            Assert.StartsWith(".", source, StringComparison.Ordinal);
            Assert.True(Path.Exists(Path.GetFullPath(source, PublishedCompose.Folder)), source);
        });
        Assert.Contains("../../postgres/roles.sql", sources);
        Assert.Contains("../../monitoring/prometheus/rules", sources);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void An_image_has_a_version(string name)
    {
        var image = Compose.Services[name]["image"]!;

        Assert.Matches(
            @"^docker\.io/[a-z-]+/[a-z-]+:v?[0-9]+\.[0-9.]+$"
            + @"|^\$\{PROMETHOIDE_REGISTRY:-\}promethoide-[a-z-]+:\$\{PROMETHOIDE_VERSION:-local\}$",
            image);
    }

    [Fact]
    public void No_file_has_a_password_or_a_default_for_one()
    {
        var passwords = Compose.Services.Values.SelectMany(service => service.Map("environment"))
            .Where(variable => SecretName().IsMatch(variable.Key))
            .ToList();

        Assert.True(passwords.Count >= 10);
        Assert.All(passwords, variable => Assert.Matches(@"^\$\{\w+(PASSWORD|SECRET|KEY)(:\?is not set in \.env|:-)\}$", variable.Value));
        Assert.All(
            PasswordInText().Matches(Compose.Text), match => Assert.StartsWith("${", match.Groups[1].Value, StringComparison.Ordinal));
        Assert.All(Example().Where(setting => SecretName().IsMatch(setting.Name)), setting => Assert.Empty(setting.Value));
    }

    [Fact]
    public void Every_setting_is_documented_with_its_default_and_nothing_else_is()
    {
        var example = Example().Where(setting => !setting.Name.StartsWith("COMPOSE_", StringComparison.Ordinal))
            .Select(setting => (setting.Name, setting.IsOptional ? $":-{setting.Value}" : ":?is not set in .env"));

        var used = Directory.GetFiles(PublishedCompose.Folder, "*.yaml")
            .SelectMany(file => PublishedCompose.Read(Path.GetFileName(file)).Settings)
            .Distinct();
        Assert.Equal(example.Order(), used.Order());
    }

    [Fact]
    public void The_originals_names_still_work()
    {
        string[] names =
        [
            "POSTGRES_USER", "POSTGRES_PASSWORD", "POSTGRES_DB", "POSTGRES_HOST", "POSTGRES_PORT",
            "GF_SMTP_FROM_ADDRESS", "GF_SMTP_FROM_NAME", "GR_SMTP_HOST", "GF_SMTP_HOST", "GF_SMTP_PASSWORD",
            "OPERATIONS_EMAILS", "DEVELOPERS_EMAILS",
        ];

        Assert.Subset(Compose.Settings.Select(setting => setting.Name).ToHashSet(), names.ToHashSet());
        Assert.Equal("${POSTGRES_DB:-promethoide}", Compose.Services["postgres"]["environment", "POSTGRES_DB"]);
    }

    // Leaves room for five connections of the exporter, one of the migrations, and three that PostgreSQL reserves for its owner.
    [Fact]
    public void Three_replicas_of_the_API_fit_what_PostgreSQL_takes()
    {
        var each = Compose.Settings.Single(setting => setting.Name == "DATABASE_CONNECTIONS").Otherwise;

        Assert.InRange(3 * int.Parse(each.TrimStart(':', '-'), CultureInfo.InvariantCulture), 1, 100 - 5 - 1 - 3);
    }

    [Fact]
    public void The_file_is_short_enough_to_be_read() => Assert.InRange(Compose.Text.Count(character => character == '\n'), 0, 300);

    [Fact]
    public void Docker_compose_of_before_2_can_read_it_too()
    {
        Assert.Equal(["services", "networks", "volumes"], Compose.TopLevel.Where(name => !name.StartsWith("x-", StringComparison.Ordinal)));
        Assert.All(Compose.Settings, setting => Assert.DoesNotContain("${", setting.Otherwise, StringComparison.Ordinal));
        Assert.DoesNotContain("start_interval", Compose.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_gets_in_without_signing_in_or_a_key_and_the_first_who_may_is_made_by_the_migrations()
    {
        Assert.All(
            (string[])["rest-api", "web"], name => Assert.Equal("false", Compose.Services[name]["environment", "Api__AllowAnonymous"]));
        Assert.Equal("${SUPERVISOR_PASSWORD:?is not set in .env}", Compose.Services["migrations"]["environment", "Supervisor__Password"]);
        Assert.All((string[])["migrations Keys__Smoke", "smoke Smoke__ApiKey"], variable =>
            Assert.Equal(
                "${SMOKE_KEY:?is not set in .env}", Compose.Services[variable.Split(' ')[0]]["environment", variable.Split(' ')[1]]));
        Assert.Equal(
            ["SMOKE_KEY: migrations smoke", "SUPERVISOR_PASSWORD: migrations"],
            ((string[])["SMOKE_KEY", "SUPERVISOR_PASSWORD"]).Select(name => $"{name}: {string.Join(' ', Given(name))}"));

        static IEnumerable<string> Given(string name) => Compose.Services
            .Where(service => service.Value.Map("environment").Values
                .Any(value => value.Contains($"${{{name}", StringComparison.Ordinal)))
            .Select(service => service.Key)
            .Order();
    }

    [Fact]
    public void Each_is_asked_by_the_desks_names_and_by_those_that_others_in_its_network_use()
    {
        Assert.Equal("${DESK_HOSTS:-localhost} apache", Compose.Services["apache"]["environment", "APACHE_ALLOWED_HOSTS"]);
        // Prometheus calls each replica by its address; only Apache, Prometheus and web can reach the replicas at all.
        Assert.All((string[])["rest-api", "web"], name => Assert.Null(Compose.Services[name]["environment", "AllowedHosts"]));
        Assert.Equal("http://apache:8080", Compose.Services["smoke"]["environment", "Smoke__Target"]);
        // The monitoring listener refuses requests without a host name.
        Assert.Contains("Host: localhost", Compose.Services["apache"].List("healthcheck", "test")[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void The_services_believe_the_proxy_of_their_network()
    {
        Assert.All(
            (string[])["rest-api", "web"],
            name => Assert.Equal("${SERVICES_SUBNET:-172.28.80.0/24}", Compose.Services[name]["environment", "TRUSTED_PROXIES"]));
        Assert.Contains("subnet: \"${SERVICES_SUBNET:-172.28.80.0/24}\"", Compose.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_API_is_never_the_owner_of_the_database_and_the_exporter_only_watches()
    {
        Assert.Contains(
            "Username=promethoide_api;Password=${PROMETHOIDE_API_PASSWORD",
            Compose.Services["rest-api"]["environment", "ConnectionStrings__promethoide"],
            StringComparison.Ordinal);
        Assert.Equal("promethoide_monitor", Compose.Services["postgres-exporter"]["environment", "DATA_SOURCE_USER"]);
        Assert.Equal(
            ["migrations", "postgres"],
            Compose.Services
                .Where(service =>
                    service.Value.Map("environment").Values.Any(value => value.Contains("${POSTGRES_PASSWORD", StringComparison.Ordinal)))
                .Select(service => service.Key)
                .Order());
    }

    [Fact]
    public async Task It_has_every_part_that_the_AppHost_starts_with_the_same_image_and_port()
    {
        await using var model = await AppHostModel.MakeAsync();

        // The first two name the database for its two roles; Mailpit takes the place of mail here.
        Assert.Equal(
            model.Names.Except(["promethoide", "promethoide-api", "mail"]).Append("mailpit").Order(), Compose.Services.Keys.Order());
        foreach (var container in model.Containers.Where(container => !container.HasAnnotationOfType<DockerfileBuildAnnotation>()))
        {
            var (image, service) = (container.Annotations.OfType<ContainerImageAnnotation>().Single(), Compose.Services[container.Name]);
            Assert.Equal($"{image.Registry}/{image.Image}:{image.Tag}", service["image"]);
            var port = $"{container.Annotations.OfType<EndpointAnnotation>().First().TargetPort}";
            Assert.Contains(service.List("expose").Concat(service.List("ports")), published => published.Split(':')[^1] == port
                || published.EndsWith($":{port}}}", StringComparison.Ordinal)
                || published.EndsWith($":-{port}}}", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task The_machines_network_is_read_in_the_same_way_as_by_the_AppHosts_container()
    {
        await using var model = await AppHostModel.MakeAsync();
        var service = Compose.Services["node-exporter"];

        Assert.Equal(model.Get<ContainerResource>("node-exporter").Entrypoint, Assert.Single(service.List("entrypoint")));
        Assert.Equal(
            await model.ArgumentsAsync("node-exporter"),
            service.List("command").Select(argument => argument.Replace("$$", "$", StringComparison.Ordinal)));
    }

    // In a container's /proc, net is the reader's network; the folder of links points to that of the machine's first process.
    [Fact]
    public async Task The_exporter_in_a_container_reads_the_network_of_the_machines_first_process()
    {
        var folder = Directory.CreateTempSubdirectory("promethoide-proc-").FullName;
        try
        {
            var script = Compose.Services["node-exporter"].List("command")[1]
                .Replace("$$", "$", StringComparison.Ordinal)
                .Replace("/host/proc", "/proc", StringComparison.Ordinal)
                .Replace("/tmp/proc", $"{folder}/proc", StringComparison.Ordinal)
                .Replace("exec node_exporter", "echo", StringComparison.Ordinal);

            var said = await Tool.MustRunAsync("sh", ["-euc", script, "node_exporter", "--more"]);

            Assert.Equal($"--path.procfs={folder}/proc --no-collector.netdev.netlink --more\n", said);
            Assert.Equal("/proc/1/net", new FileInfo($"{folder}/proc/net").LinkTarget);
            Assert.All(
                (string[])["stat", "meminfo", "diskstats", "1", "sys"],
                entry => Assert.Equal($"/proc/{entry}", new FileInfo($"{folder}/proc/{entry}").LinkTarget));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("", "mailpit:1025", "")]
    [InlineData("GR_SMTP_HOST=mail:25", "mail:25", "")]
    [InlineData("GR_SMTP_HOST=old:25 GF_SMTP_HOST=mail:25", "mail:25", "")]
    [InlineData("GF_SMTP_HOST=mail:587 GF_SMTP_PASSWORD=x", "mail:587", "desk@example.org")]
    [InlineData("GF_SMTP_HOST=mail:587 GF_SMTP_PASSWORD=x GF_SMTP_USER=ada", "mail:587", "ada")]
    public async Task Grafana_takes_either_spelling_of_the_mail_server_and_logs_in_only_with_a_password(
        string settings, string host, string user)
    {
        var script = Compose.Services["grafana"].List("command")
            .Single()
            .Replace("$$", "$", StringComparison.Ordinal)
            .Replace("/run.sh", "env", StringComparison.Ordinal);
        var environment = new Dictionary<string, string?>
        {
            ["GF_SMTP_FROM_ADDRESS"] = "desk@example.org",
            ["GF_SMTP_HOST"] = "",
            ["GR_SMTP_HOST"] = "",
            ["GF_SMTP_USER"] = "",
            ["GF_SMTP_PASSWORD"] = "",
        };
        foreach (var setting in settings.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            environment[setting.Split('=')[0]] = setting.Split('=')[1];
        }

        var seen = (await Tool.MustRunAsync("/bin/sh", ["-c", script], environment)).Split('\n');

        Assert.Contains($"GF_SMTP_HOST={host}", seen);
        Assert.Contains($"GF_SMTP_USER={user}", seen);
    }

    [Theory]
    [InlineData("rest-api", "REST_API_REPLICAS")]
    [InlineData("web", "WEB_REPLICAS")]
    public void A_number_says_how_many_replicas_there_are_and_nothing_stands_in_their_way(string name, string setting)
    {
        var service = Compose.Services[name];

        Assert.Equal($"${{{setting}:-1}}", service["scale"]);
        Assert.Null(service["container_name"]);
        Assert.Empty(service.List("ports"));
        // Apache's script for replicas looks up their addresses; each replica tells Apache when it stops.
        Assert.Equal(["replicas.sh"], Compose.Services["apache"].List("command"));
        Assert.Equal("5", service["environment", "Shutdown__DrainSeconds"]);
    }

    private static IReadOnlyList<(string Name, string Value, bool IsOptional)> Example() =>
    [
        .. ExampleLine().Matches(File.ReadAllText(Path.Combine(PublishedCompose.Folder, ".env.example")))
            .Select(line => (line.Groups["name"].Value, line.Groups["value"].Value, line.Groups["optional"].Success)),
    ];

    [GeneratedRegex("(PASS|PASSWORD|SECRET|KEY|Keys__Smoke)$", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    [GeneratedRegex(@"Password=([^;""]+)")]
    private static partial Regex PasswordInText();

    [GeneratedRegex(@"^(?<optional>#)?(?<name>[A-Z][A-Z0-9_]*)=(?<value>.*)$", RegexOptions.Multiline)]
    private static partial Regex ExampleLine();
}
