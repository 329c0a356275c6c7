using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Promethoide.Network;
using Promethoide.Tests.Fixtures;
using Promethoide.Tests.Network;
using Xunit.v3;

namespace Promethoide.Tests.Deploy;

/// <summary>
/// The published network in containers: first as it is, then restarted, finally removed. Each test depends on the previous one.
/// </summary>
[TestMethodOrderer(typeof(UnorderedTestMethodOrderer))]
[Collection("Containers")]
public sealed class ContainersTests(PublishedNetwork network)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_is_healthy_at_the_first_start()
    {
        await network.RunningAsync();

        var states = await network.StatesAsync();

        Assert.Equal(
            network.File.Services.Keys.Except(["grafana", "mailpit"]).Append(PublishedNetwork.Operations).Order(),
            states.Select(state => state.Service).Order());
        Assert.All(
            states, state => Assert.Equal((state.Service == "migrations" ? "exited 0" : "healthy", 0), (state.State, state.Restarts)));
    }

    [Fact]
    public async Task Every_target_is_up_and_every_probe_succeeds()
    {
        await network.RunningAsync();

        var up = await Eventually.GetAsync(
            () => network.QueryAsync("up{job!='grafana'}"),
            up => up.Count == 16 && up.Values.All(value => value == 1),
            PublishedNetwork.Text);
        await Eventually.GetAsync(
            () => network.QueryAsync("probe_success"),
            probes => probes.Count == 6 && probes.Values.All(value => value == 1),
            PublishedNetwork.Text);
        await Eventually.GetAsync(
            () => network.QueryAsync("pg_up + on() apache_up"), both => both.Values.SequenceEqual([2]), PublishedNetwork.Text);
        await Eventually.GetAsync(
            () => network.QueryAsync("promethoide_smoke_last_run_success{job='smoke'}"),
            smoke => smoke.Values.SequenceEqual([1]),
            PublishedNetwork.Text);
        Assert.Contains($"rest-api rest-api-{(await network.AddressAsync("rest-api")).Address}", up.Keys);
    }

    [Fact]
    public async Task A_traveller_gets_through_Apache_whose_word_about_clients_is_believed()
    {
        await network.RunningAsync();

        var (entry, _) = await network.AdmitAsync();

        Assert.Equal("1", (await network.SqlAsync("promethoide", $"SELECT count(*) FROM immigration WHERE id = {entry}")).Output.Trim());
        using var http = await network.Officers.ClientAsync(Officers.Supervisor);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync($"{network.Desk}/api/dni/00000000T", Cancellation)).StatusCode);
        Assert.Equal("wanted", (await (await network.OpenAsync()).PressAsync("check-document", ("dni", "12345678A"))).Outcome);
        // The API knows the prefix /api only because it trusts the proxy.
        var created = await http.PostAsJsonAsync(
            $"{network.Desk}/api/immigration", PublishedDesk.Application($"C{Random.Shared.Next(1_000_000)}"), Cancellation);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.StartsWith(
            "/api/immigration/", new Uri(new Uri(network.Desk), created.Headers.Location!).AbsolutePath, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_watches_reaches_nothing_but_Prometheus()
    {
        await network.RunningAsync();
        var ports = network.File.Services.ToDictionary(
            service => service.Key,
            service => service.Value.List("expose").Concat(service.Value.List("ports").Select(port => port.Split(':')[^1])).ToList());
        string[] services = [.. ports.Keys.Except(["grafana", "mailpit", "migrations", "prometheus"])];
        var byName = services.SelectMany(service => ports[service].Select(port => $"{service}:{port}")).ToList();
        var byAddress = new List<string>();
        foreach (var service in services)
        {
            var (address, _) = await network.AddressAsync(service);
            byAddress.AddRange(ports[service].Select(port => $"{address}:{port}"));
        }

        var (prometheus, gateway) = await network.AddressAsync("prometheus", "operations-net");
        var (_, otherGateway) = await network.AddressAsync("prometheus");
        var byGateway = ports.Values.SelectMany(list => list)
            .Append($"{network.PrometheusPort}")
            .Distinct()
            .SelectMany(port => (string[])[$"{gateway}:{port}", $"{otherGateway}:{port}"])
            .Where(network.IsNobodysElse).ToList();

        // Within their own network, they do answer.
        Assert.Equal(byName.Order(), await network.ReachableAsync("blackbox-exporter", byName));
        Assert.Equal(byAddress.Order(), await network.ReachableAsync("blackbox-exporter", byAddress));

        string[] allowed = ["prometheus:9090", $"{prometheus}:9090"];
        Assert.Equal(
            allowed.Order(),
            await network.ReachableAsync(PublishedNetwork.Operations, [.. byName, .. byAddress, .. byGateway, .. allowed]));
        // Published ports are open to everyone.
        Assert.Single(await network.ReachableAsync(PublishedNetwork.Operations, [$"{gateway}:{network.ApachePort}"]));
    }

    [Fact]
    public async Task Those_who_are_watched_reach_nobody_who_watches()
    {
        await network.RunningAsync();
        var (address, gateway) = await network.AddressAsync(PublishedNetwork.Operations, "operations-net");
        const int port = PublishedNetwork.OperationsPort;

        Assert.Single(await network.ReachableAsync("prometheus", [$"{PublishedNetwork.Operations}:{port}"]));
        string[] targets = [$"{PublishedNetwork.Operations}:{port}", $"{address}:{port}", $"{gateway}:{port}"];
        Assert.Empty(await network.ReachableAsync("blackbox-exporter", targets.Where(network.IsNobodysElse)));
    }

    [Fact]
    public async Task From_outside_only_the_published_ports_answer()
    {
        await network.RunningAsync();

        var bindings = (await network.InspectAsync())
            .SelectMany(container => container.GetProperty("HostConfig").GetProperty("PortBindings").EnumerateObject())
            .SelectMany(port => port.Value.EnumerateArray())
            .Select(binding =>
                $"{binding.GetProperty("HostIp").GetString()!.Replace("0.0.0.0", "", StringComparison.Ordinal)}:"
                + binding.GetProperty("HostPort").GetString());

        Assert.Equal([$"127.0.0.1:{network.PrometheusPort}", $":{network.ApachePort}"], bindings.Order(StringComparer.Ordinal));
        var (_, thisMachine) = await network.AddressAsync("apache");
        Assert.True(PublishedNetwork.IsOpenHere($"{thisMachine}:{network.ApachePort}"));
        Assert.True(PublishedNetwork.IsOpenHere($"127.0.0.1:{network.PrometheusPort}"));
        Assert.False(PublishedNetwork.IsOpenHere($"{thisMachine}:{network.PrometheusPort}"));
    }

    [Theory]
    [InlineData("promethoide_monitor", "SELECT * FROM public.interpol")]
    [InlineData("promethoide_monitor", "INSERT INTO public.flights (flight_number) VALUES ('XX1')")]
    [InlineData("promethoide_monitor", "CREATE TABLE public.mine (id int)")]
    [InlineData("promethoide_monitor", "CREATE TEMPORARY TABLE mine (id int)")]
    [InlineData("promethoide_api", "UPDATE immigration SET name = 'x'")]
    [InlineData("promethoide_api", "DELETE FROM refusals")]
    [InlineData("promethoide_api", "INSERT INTO interpol (name, dni) VALUES ('x', 'X')")]
    [InlineData("promethoide_api", "DROP TABLE flights")]
    [InlineData("promethoide_api", "CREATE TABLE public.mine (id int)")]
    [InlineData("promethoide_api", "SELECT pg_read_file('/etc/passwd')")]
    [InlineData("promethoide_api", "CREATE ROLE another SUPERUSER")]
    public async Task PostgreSQL_refuses_a_role_what_it_need_not_do(string role, string sql)
    {
        await network.RunningAsync();

        var result = await network.SqlAsync(role, sql);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Matches("permission denied|must be owner|must be superuser", result.Error);
        Assert.Equal(role, (await network.SqlAsync(role, "SELECT current_user")).Output.Trim());
    }

    [Theory]
    [InlineData("/api/dni/12345678A")]
    [InlineData("/api/flights/AA123")]
    [InlineData("/api/immigration")]
    public async Task Whoever_has_neither_signed_in_nor_a_key_gets_nothing_of_the_API_and_of_the_desk_the_page_to_sign_in_at(string path)
    {
        await network.RunningAsync();
        using var http = new HttpClient();

        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync(network.Desk + path, Cancellation)).StatusCode);
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            (await http.PostAsJsonAsync($"{network.Desk}/api/immigration", PublishedDesk.Application("C1"), Cancellation)).StatusCode);
        var desk = await http.GetAsync(network.Desk, Cancellation);
        Assert.Equal("/sign-in", desk.RequestMessage!.RequestUri!.AbsolutePath);
        Assert.Contains("id=\"sign-in\"", await desk.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_is_not_the_desks_is_refused_and_one_of_DESK_HOSTS_is_served()
    {
        await network.RunningAsync();
        await network.SetAsync("DESK_HOSTS", "desk.example.org border");
        await network.UpAsync();
        using var http = await network.Officers.ClientAsync(Officers.Supervisor);

        Assert.Equal(HttpStatusCode.MisdirectedRequest, await AskByAsync("evil.example"));
        Assert.Equal(HttpStatusCode.OK, await AskByAsync("desk.example.org"));
        Assert.Equal(HttpStatusCode.OK, await AskByAsync("border"));
        Assert.Equal(HttpStatusCode.OK, await AskByAsync("localhost"));

        async Task<HttpStatusCode> AskByAsync(string name)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{network.Desk}/api/flights/AA123") { Headers = { Host = name } };
            using var answer = await http.SendAsync(request, Cancellation);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task Administrators_manage_officers_and_keys_by_the_commands_of_the_README()
    {
        await network.RunningAsync();

        var added = await network.AdministerAsync("users", "add", "ada", "--role", "officer");
        Assert.Contains("ada", await network.AdministerAsync("users", "list"), StringComparison.Ordinal);
        var key = (await network.AdministerAsync("keys", "add", "airline", "--scope", "look-up", "decide", "--days", "90")).Split('\n')
            .Single(line => line.StartsWith("pmk_", StringComparison.Ordinal))
            .Trim();
        using var airline = new HttpClient { DefaultRequestHeaders = { Authorization = new("Bearer", key) } };
        Assert.Equal(HttpStatusCode.OK, (await airline.GetAsync($"{network.Desk}/api/flights/AA123", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await airline.GetAsync($"{network.Desk}/api/immigration", Cancellation)).StatusCode);

        await network.AdministerAsync("keys", "revoke", "airline");
        await Eventually.GetAsync(
            async () => (await airline.GetAsync($"{network.Desk}/api/flights/AA123", Cancellation)).StatusCode,
            status => status == HttpStatusCode.Unauthorized);
        await network.AdministerAsync("users", "remove", "ada");
        // No log contains what was shown to the administrator.
        var password = added.Split(' ').Single(word => word.Count('-') == 3).TrimEnd(',');
        var logs = await network.ComposeAsync("logs", "--no-color");
        Assert.All(
            (string[])[password, key, PublishedNetwork.SupervisorPassword],
            secret => Assert.DoesNotContain(secret, logs, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_smoke_tests_key_is_rotated_as_the_README_says()
    {
        await network.RunningAsync();
        await network.SetAsync("SMOKE_KEY", $"pmk_{new string('n', 43)}");

        await network.ComposeAsync("up", "--detach", "migrations", "smoke");

        await network.UpAsync();
        await Eventually.GetAsync(
            () => network.QueryAsync("promethoide_smoke_last_run_success{job='smoke'}"),
            smoke => smoke.Values.SequenceEqual([1]),
            PublishedNetwork.Text);
        using var old = new HttpClient { DefaultRequestHeaders = { Authorization = new("Bearer", PublishedNetwork.SmokeKey) } };
        await Eventually.GetAsync(
            async () => (await old.GetAsync($"{network.Desk}/api/flights/AA123", Cancellation)).StatusCode,
            status => status == HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_recreated_service_is_found_again_by_all_others()
    {
        await network.RunningAsync();
        var (before, _) = await network.AddressAsync("rest-api");

        // Another container takes its address, as happens when an upgrade recreates one service.
        await Tool.MustRunAsync("docker", ["rm", "--force", await network.IdAsync("rest-api")]);
        var squatter = $"{network.Project}-squatter";
        var name = await network.NetworkOfAsync("web");
        await Tool.MustRunAsync(
            "docker", ["run", "--detach", "--rm", "--name", squatter, "--network", name, "--ip", before, $"{StandIns.Prefix}/pushgateway"]);
        try
        {
            await network.UpAsync();

            Assert.NotEqual(before, (await network.AddressAsync("rest-api")).Address);
            using var http = await network.Officers.ClientAsync(Officers.Supervisor);
            await Eventually.GetAsync(
                async () => (await http.GetAsync($"{network.Desk}/api/flights/AA123", Cancellation)).StatusCode,
                status => status == HttpStatusCode.OK);
            await network.AdmitAsync();
        }
        finally
        {
            await Tool.MustRunAsync("docker", ["rm", "--force", squatter]);
        }
    }

    [Fact]
    public async Task A_restart_of_everything_loses_no_entry_no_form_and_no_metric()
    {
        await network.RunningAsync();
        var (entry, dni) = await network.AdmitAsync();
        using var officer = await network.OpenAsync();
        await officer.ToStayAsync($"R{Random.Shared.Next(1_000_000)}");
        // A few seconds back: samples of a scrape in progress are stored with the time at which it began.
        var time = (await network.QueryAsync("vector(time() - 15)")).Values.Single();
        var known = await network.QueryAsync("up", time);
        Assert.NotEmpty(known);

        await network.ComposeAsync("down");
        await network.UpAsync();

        using var http = await network.Officers.ClientAsync(Officers.Supervisor);
        var entries = await http.GetFromJsonAsync<JsonElement>($"{network.Desk}/api/immigration?dni={dni}", Cancellation);
        Assert.Contains($"\"id\":{entry},", entries.GetRawText().Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal("admitted", (await officer.DecideAsync()).Outcome);
        Assert.Equal(known, await network.QueryAsync("up", time));
    }

    [Fact]
    public async Task What_was_backed_up_is_back_after_a_restore_and_nothing_else()
    {
        await network.RunningAsync();
        var (kept, _) = await network.AdmitAsync();
        await network.InPostgresAsync($"({PublishedCompose.Documented("pg_dump")}) >/tmp/promethoide.dump");
        var (lost, _) = await network.AdmitAsync();

        await network.ComposeAsync("stop", "rest-api");
        await network.InPostgresAsync($"({PublishedCompose.Documented("pg_restore")}) </tmp/promethoide.dump");
        await network.UpAsync();

        Assert.Equal(
            kept, (await network.SqlAsync("promethoide", $"SELECT id FROM immigration WHERE id IN ({kept}, {lost})")).Output.Trim());
        await network.AdmitAsync();
    }

    [Fact]
    public async Task Passwords_are_changed_as_the_README_says()
    {
        await network.RunningAsync();
        string[] roles = ["promethoide", "promethoide_api", "promethoide_monitor"];
        var before = roles.Select(network.Password).ToList();

        await network.InPostgresAsync(
            PublishedCompose.Documented("ALTER ROLE").Replace("NEW", "ownersNewSecret", StringComparison.Ordinal));
        await network.SetAsync("POSTGRES_PASSWORD", "ownersNewSecret");
        await network.SetAsync("PROMETHOIDE_API_PASSWORD", "apisNewSecret");
        await network.SetAsync("PROMETHOIDE_MONITOR_PASSWORD", "monitorsNewSecret");
        await network.ComposeAsync("up", "--detach", "postgres");
        await Eventually.GetAsync(
            network.StatesAsync, states => states.Any(state => state is ("postgres", "healthy", _)), states => string.Join('\n', states));
        await network.InPostgresAsync(PublishedCompose.Documented("roles.sql"));
        await network.UpAsync();

        foreach (var (role, old) in roles.Zip(before))
        {
            Assert.Equal(role, (await network.SqlAsync(role, "SELECT current_user")).Output.Trim());
            Assert.Contains(
                "password authentication failed",
                (await network.SqlAsync(role, "SELECT current_user", old)).Error,
                StringComparison.Ordinal);
        }

        await network.AdmitAsync();
        await Eventually.GetAsync(() => network.QueryAsync("pg_up"), up => up.Values.SequenceEqual([1]), PublishedNetwork.Text);
    }

    [Fact]
    public async Task A_server_that_others_run_is_prepared_and_used()
    {
        await network.RunningAsync();
        var name = await network.NetworkOfAsync("web");
        var server = $"{network.Project}-managed";
        await Tool.MustRunAsync(
            "docker",
            [
                "run", "--detach", "--rm", "--name", server, "--network", name,
                "--env", "POSTGRES_USER=dba", "--env", "POSTGRES_PASSWORD=theirs", $"{StandIns.Prefix}/postgres",
            ]);
        try
        {
            network.LayOver("postgres.yaml");
            await network.SetAsync("POSTGRES_HOST", server);
            await network.SetAsync("POSTGRES_USER", "dba");
            await network.SetAsync("POSTGRES_PASSWORD", "theirs");
            await Eventually.GetAsync(
                async () => (await Tool.RunAsync("docker", ["exec", server, "pg_isready", "-h", "127.0.0.1"])).ExitCode, code => code == 0);
            await network.UpAsync();
            // This server has different officers, too.
            network.ForgetOfficers();

            var (entry, _) = await network.AdmitAsync();

            Assert.Equal(
                entry,
                (await Tool.MustRunAsync(
                    "docker",
                    [
                        "exec", "--env", "PGPASSWORD=theirs", server, "psql", "-h", "127.0.0.1", "-U", "dba", "-d", "promethoide",
                        "-Atc", "SELECT max(id) FROM immigration",
                    ]))
                    .Trim());
            await Eventually.GetAsync(() => network.QueryAsync("pg_up"), up => up.Values.SequenceEqual([1]), PublishedNetwork.Text);
        }
        finally
        {
            await network.ComposeAsync("stop");
            await Tool.MustRunAsync("docker", ["rm", "--force", server]);
        }
    }

    [Fact]
    public async Task Removing_it_leaves_nothing()
    {
        await network.RunningAsync();
        Assert.NotEmpty(await LeftAsync("volume"));

        await network.RemoveAsync();

        Assert.Empty(await LeftAsync("container"));
        Assert.Empty(await LeftAsync("volume"));
        Assert.Empty(await LeftAsync("network"));

        async Task<string> LeftAsync(string what) =>
            await Tool.MustRunAsync(
                "docker",
                [
                    what, "ls", .. what == "container" ? (string[])["--all"] : [],
                    "--quiet", "--filter", $"label=com.docker.compose.project={network.Project}",
                ]);
    }
}

/// <summary>Runs after everything else: it needs the machine to itself.</summary>
[CollectionDefinition("Containers", DisableParallelization = true)]
public sealed class ContainersAlone : ICollectionFixture<PublishedNetwork>;
