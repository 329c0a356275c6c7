using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Promethoide.AppHost;

namespace Promethoide.Tests.AppHost;

/// <summary>How the AppHost uses the names of <c>.env.example</c>.</summary>
public sealed class SettingsTests
{
    [Fact]
    public async Task What_is_given_is_used_instead_of_what_would_be_generated()
    {
        await using var model = await AppHostModel.MakeAsync(
            "--POSTGRES_USER=ada", "--POSTGRES_PASSWORD=secret", "--POSTGRES_DB=border", "--POSTGRES_PORT=15432");

        Assert.Equal("ada", await ValueAsync(model, "postgres-user"));
        Assert.Equal("secret", await ValueAsync(model, "postgres-password"));
        Assert.Equal("border", (await model.EnvironmentAsync("postgres"))["POSTGRES_DB"]);
        Assert.Equal(15432, model.Get<IResource>("postgres").Annotations.OfType<EndpointAnnotation>().Single().Port);
    }

    [Fact]
    public async Task The_file_counts_less_than_the_environment_and_more_than_the_default()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            file,
            "POSTGRES_USER=from-file\nPOSTGRES_PASSWORD='from file'\nPOSTGRES_HOST=\nGF_SMTP_FROM_NAME=\"Border\"\n",
            TestContext.Current.CancellationToken);

        await using var model = await AppHostModel.MakeAsync($"--EnvFile={file}", "--POSTGRES_USER=from-environment");
        File.Delete(file);

        Assert.Equal("from-environment", await ValueAsync(model, "postgres-user"));
        Assert.Equal("from file", await ValueAsync(model, "postgres-password"));
        Assert.Equal("Border", await ValueAsync(model, "smtp-from-name"));
        Assert.Contains("postgres", model.Names);
    }

    [Fact]
    public async Task A_dollar_in_the_file_is_a_dollar()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            file,
            "POSTGRES_PASSWORD=a$HOME${PATH}\nPROMETHOIDE_API_PASSWORD=\"b$HOME\"\nSUPERVISOR_PASSWORD='c$HOME \"é\"'\n",
            TestContext.Current.CancellationToken);

        await using var model = await AppHostModel.MakeAsync($"--EnvFile={file}");
        File.Delete(file);

        Assert.Equal("a$HOME${PATH}", await ValueAsync(model, "postgres-password"));
        Assert.Equal("b$HOME", await ValueAsync(model, "promethoide-api-password"));
        Assert.Equal("c$HOME \"é\"", await ValueAsync(model, "supervisor-password"));
    }

    [Theory]
    [InlineData("POSTGRES_USER=ada\nPOSTGRES_PASSWORD='hunter2\n")]
    [InlineData("POSTGRES_USER=ada\nPOSTGRES_PASSWORD=\"hunter2\n")]
    [InlineData("POSTGRES_USER=ada\nhunter2\n")]
    [InlineData("POSTGRES_USER=ada\nPOSTGRES_PASSWORD='hunter2'hunter2\n")]
    public async Task A_file_that_cannot_be_understood_is_told_without_what_is_in_it(string text)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);

        var e = await Assert.ThrowsAnyAsync<Exception>(() => AppHostModel.MakeAsync($"--EnvFile={file}"));
        File.Delete(file);

        Assert.Contains($"{file} cannot be read: line ", e.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", e.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POSTGRES_PASSWORD", "hunter2\nx", "has a line break")]
    [InlineData("POSTGRES_USER", "hunter2\tx", "has a line break, a tab or another control character")]
    [InlineData("POSTGRES_USER", "hunter'2", "has a quote, a $ or a backslash in it")]
    [InlineData("POSTGRES_PASSWORD", "hunter2 ", "begins or ends with a blank")]
    [InlineData("PROMETHOIDE_API_PASSWORD", "hunter2{{x", "has {{ in it")]
    [InlineData("PROMETHOIDE_MONITOR_PASSWORD", "hunter2e\u0301", "has letters that Unicode writes in more than one way")]
    [InlineData("POSTGRES_DB", "hunter2 x", "has a blank in it")]
    [InlineData("PROMETHOIDE_MONITOR_PASSWORD", "hunter2 x", "has a blank in it")]
    [InlineData("POSTGRES_DB", "hunter2{0}", "has a brace in it")]
    [InlineData("POSTGRES_HOST", "hunter2;Password=x", "has to be the name or address of one host")]
    [InlineData("POSTGRES_SSLMODE", "hunter2", "has to be disable or require")]
    [InlineData("SMOKE_KEY", "pmk_hunter2é", "has to be ASCII letters, digits and signs")]
    [InlineData("DESK_HOSTS", "hunter2\"", "has to be host names")]
    [InlineData("GF_SMTP_FROM_ADDRESS", "hunter2", "has to be a mail address")]
    [InlineData("GF_SMTP_PASSWORD", "hunter2$__env{X}", "has ${, $__ or %( in it")]
    [InlineData("OPERATIONS_EMAILS", "ops@example.org, hunter2", "has to be mail addresses")]
    public async Task What_some_part_would_not_take_is_refused_without_showing_it(string variable, string value, string sentence)
    {
        var e = await Assert.ThrowsAnyAsync<Exception>(() => AppHostModel.MakeAsync($"--{variable}={value}"));

        Assert.Contains($"{variable} {sentence}", e.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Aspires_own_way_to_give_a_parameter_counts_most()
    {
        await using var model = await AppHostModel.MakeAsync("--POSTGRES_PASSWORD=by-name", "--Parameters:postgres-password=by-parameter");

        Assert.Equal("by-parameter", await ValueAsync(model, "postgres-password"));
    }

    [Fact]
    public async Task A_server_that_exists_is_used_instead_of_starting_one()
    {
        await using var model = await AppHostModel.MakeAsync(
            "--POSTGRES_HOST=db.example.org", "--POSTGRES_PORT=6432", "--POSTGRES_PASSWORD=secret");

        Assert.DoesNotContain("postgres", model.Names);
        Assert.Equal(
            "Host=db.example.org;Port=6432;Database=promethoide;Username={postgres-user.value};Password={postgres-password.value}",
            model.Get<IResourceWithConnectionString>("promethoide").ConnectionStringExpression.ValueExpression);
        Assert.Equal(
            "db.example.org:6432/promethoide?sslmode=require", (await model.EnvironmentAsync("postgres-exporter"))["DATA_SOURCE_URI"]);
        Assert.DoesNotContain("--collector.stat_checkpointer", await model.ArgumentsAsync("postgres-exporter"));
        Assert.Equal("db.example.org", (await model.EnvironmentAsync("postgres-roles"))["PGHOST"]);
    }

    [Fact]
    public async Task A_server_on_this_machine_has_another_name_in_containers()
    {
        await using var model = await AppHostModel.MakeAsync("--POSTGRES_HOST=127.0.0.1", "--POSTGRES_PASSWORD=secret");

        Assert.StartsWith(
            "Host=127.0.0.1;Port=5432;",
            model.Get<IResourceWithConnectionString>("promethoide").ConnectionStringExpression.ValueExpression,
            StringComparison.Ordinal);
        Assert.Equal(
            "host.docker.internal:5432/promethoide?sslmode=disable",
            (await model.EnvironmentAsync("postgres-exporter"))["DATA_SOURCE_URI"]);
    }

    [Theory]
    [InlineData("--GF_SMTP_HOST=mail.example.org:587")]
    [InlineData("--GR_SMTP_HOST=mail.example.org:587")]
    public async Task A_mail_server_that_is_configured_takes_the_place_of_the_sink(string host)
    {
        await using var model = await AppHostModel.MakeAsync(
            host, "--GF_SMTP_FROM_ADDRESS=desk@example.org", "--GF_SMTP_PASSWORD=secret", "--OPERATIONS_EMAILS=ops@example.org");

        Assert.DoesNotContain("mail", model.Names);
        Assert.Equal("mail.example.org:587", await ValueAsync(model, "smtp-host"));
        Assert.Equal("desk@example.org", await ValueAsync(model, "smtp-user"));
        Assert.Equal("ops@example.org", await ValueAsync(model, "operations-emails"));
        var environment = await model.EnvironmentAsync("grafana");
        Assert.Equal("{smtp-host.value}", environment["GF_SMTP_HOST"]);
        Assert.Equal("{smtp-user.value}", environment["GF_SMTP_USER"]);
        Assert.Equal("{smtp-password.value}", environment["GF_SMTP_PASSWORD"]);
        Assert.DoesNotContain("GF_SMTP_STARTTLS_POLICY", environment.Keys);
    }

    [Fact]
    public async Task A_mail_server_without_a_password_is_not_logged_in_to_and_the_recipients_have_to_be_given()
    {
        await using var model = await AppHostModel.MakeAsync("--GF_SMTP_HOST=mail.example.org:25");

        Assert.DoesNotContain("GF_SMTP_USER", (await model.EnvironmentAsync("grafana")).Keys);
        await Assert.ThrowsAsync<MissingParameterValueException>(() => ValueAsync(model, "operations-emails"));
    }

    [Fact]
    public async Task Ports_can_be_chosen_one_by_one_or_all_left_to_chance()
    {
        await using var defaults = await AppHostModel.MakeAsync();
        await using var model = await AppHostModel.MakeAsync("--ports", "apache=18080,rest-api-ops=19464,auto");

        var byDefault = Ports(defaults);
        var ports = Ports(model);
        Assert.Equal(18080, ports["apache"]);
        Assert.Equal(19464, ports["rest-api-ops"]);
        Assert.All(ports.Where(port => byDefault[port.Key] is not null), port => Assert.NotEqual(byDefault[port.Key], port.Value));
        Assert.Equal(ports.Values.OfType<int>().Count(), ports.Values.OfType<int>().Distinct().Count());

        static Dictionary<string, int?> Ports(AppHostModel model) =>
            HostPorts.Of(model.Builder).ToDictionary(endpoint => endpoint.Name, endpoint => endpoint.Endpoint.Port);
    }

    [Fact]
    public async Task A_port_of_something_unknown_is_refused_with_the_names_that_are_known()
    {
        var e = await Assert.ThrowsAnyAsync<Exception>(() => AppHostModel.MakeAsync("--ports", "apach=1"));

        Assert.Contains("--ports has 'apach=1'", e.ToString(), StringComparison.Ordinal);
        Assert.Contains("apache-status", e.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--ephemral", "'--ephemral' is not known")]
    [InlineData("--POSTGRES_PORTT=1", "'--POSTGRES_PORTT=1' is not known")]
    [InlineData("--POSTGRES_PORT=many", "POSTGRES_PORT is 'many'")]
    public async Task What_cannot_be_understood_is_told_in_one_sentence(string argument, string sentence)
    {
        var e = await Assert.ThrowsAnyAsync<Exception>(() => AppHostModel.MakeAsync(argument));

        Assert.Contains(sentence, e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_exists_needs_its_password()
    {
        // Empty, so that a password stored on this machine for its own server is not used.
        var e = await Assert.ThrowsAnyAsync<Exception>(() =>
            AppHostModel.MakeAsync("--POSTGRES_HOST=db.example.org", "--Parameters:postgres-password="));

        Assert.Contains("POSTGRES_PASSWORD has to be given too", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_form_that_there_is_not_is_refused_with_those_that_there_are()
    {
        var e = Assert.Throws<DistributedApplicationException>(() => RunOptions.Parse(["--run", "podman"]));

        Assert.Contains("containers", e.Message, StringComparison.Ordinal);
        Assert.Contains("processes", e.Message, StringComparison.Ordinal);
    }

    private static async Task<string?> ValueAsync(AppHostModel model, string parameter) =>
        await model.Get<ParameterResource>(parameter).GetValueAsync(TestContext.Current.CancellationToken);
}
