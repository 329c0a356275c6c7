using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Promethoide.AppHost;

namespace Promethoide.Tests.AppHost;

/// <summary>Who gets in, as the AppHost gives it to the services; nothing is started.</summary>
public sealed class AccessModelTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("migrations", "Supervisor__Password", "{supervisor-password.value}")]
    [InlineData("migrations", "Supervisor__SignInToken", "{supervisor-sign-in-token.value}")]
    [InlineData("migrations", "Keys__Smoke", "{smoke-key.value}")]
    [InlineData("smoke", "Smoke__ApiKey", "{smoke-key.value}")]
    [InlineData("rest-api", "Api__AllowAnonymous", "{api-allow-anonymous.value}")]
    [InlineData("web", "Api__AllowAnonymous", "{api-allow-anonymous.value}")]
    [InlineData("apache", "APACHE_ALLOWED_HOSTS", "{desk-hosts.value} apache apache.dev.internal")]
    [InlineData("rest-api", "AllowedHosts", "{desk-hosts.value} apache apache.dev.internal aspire.dev.internal host.docker.internal")]
    [InlineData("web", "AllowedHosts", "{desk-hosts.value} apache apache.dev.internal aspire.dev.internal host.docker.internal")]
    public async Task A_part_is_told(string part, string variable, string value)
    {
        await using var model = await AppHostModel.MakeAsync();

        Assert.Equal(value, (await model.EnvironmentAsync(part))[variable]);
    }

    [Fact]
    public async Task Nobody_else_hears_of_the_password_the_token_or_the_key()
    {
        await using var model = await AppHostModel.MakeAsync();

        var told = new List<string>();
        foreach (var resource in model.Builder.Resources.Where(resource => resource is IResourceWithEnvironment))
        {
            var environment = await model.EnvironmentAsync(resource.Name);
            told.AddRange(environment
                .Where(variable => variable.Value.Contains("supervisor-", StringComparison.Ordinal)
                    || variable.Value.Contains("smoke-key", StringComparison.Ordinal))
                .Select(variable => $"{resource.Name} {variable.Key}"));
        }

        Assert.Equal(
            ["migrations Keys__Smoke", "migrations Supervisor__Password", "migrations Supervisor__SignInToken", "smoke Smoke__ApiKey"],
            told.Order());
    }

    [Fact]
    public async Task Each_start_has_another_link_and_none_is_stored()
    {
        await using var first = await AppHostModel.MakeAsync("processes", ephemeral: false, []);
        await using var second = await AppHostModel.MakeAsync("processes", ephemeral: false, []);

        var tokens = new[] { await ValueAsync(first, "supervisor-sign-in-token"), await ValueAsync(second, "supervisor-sign-in-token") };

        Assert.All(tokens, token => Assert.Matches("^[A-Za-z0-9_-]{43}$", token));
        Assert.NotEqual(tokens[0], tokens[1]);
        Assert.Null(first.Builder.Configuration["Parameters:supervisor-sign-in-token"]);
        // Only what such a default generates is stored.
        Assert.Null(first.Get<ParameterResource>("supervisor-sign-in-token").Default);
    }

    [Fact]
    public async Task The_smoke_tests_key_has_the_form_of_the_keys_that_the_API_makes()
    {
        await using var model = await AppHostModel.MakeAsync();
        await using var given = await AppHostModel.MakeAsync("--SMOKE_KEY=pmk_given", "--SUPERVISOR_PASSWORD=given-by-hand");

        Assert.Matches("^pmk_[A-Za-z0-9_-]{43}$", model.Get<ParameterResource>("smoke-key").Default!.GetDefaultValue());
        Assert.Equal("pmk_given", await ValueAsync(given, "smoke-key"));
        Assert.Equal("given-by-hand", await ValueAsync(given, "supervisor-password"));
    }

    [Theory]
    [InlineData("", "localhost", "true")]
    [InlineData("--DESK_HOSTS=localhost 127.0.0.1 [::1]", "localhost 127.0.0.1 [::1]", "true")]
    [InlineData("--DESK_HOSTS=localhost border.example.org", "localhost border.example.org", "false")]
    [InlineData("--DESK_HOSTS=192.168.1.10", "192.168.1.10", "false")]
    [InlineData("--API_ALLOW_ANONYMOUS=false", "localhost", "false")]
    [InlineData("--API_ALLOW_ANONYMOUS=True", "localhost", "true")]
    public async Task Clients_that_show_nothing_are_served_on_loopback_only_unless_somebody_says_otherwise(
        string argument, string hosts, string anonymous)
    {
        await using var model = await AppHostModel.MakeAsync([.. argument == "" ? (string[])[] : [argument]]);

        Assert.Equal((hosts, anonymous), (await ValueAsync(model, "desk-hosts"), await ValueAsync(model, "api-allow-anonymous")));
        var note = await model.Get<IApacheResource>("apache").Annotations.OfType<SummaryAnnotation>()
            .Single(summary => summary.Title == "REST API").Note!
            .GetValueAsync(Cancellation);
        Assert.StartsWith(
            anonymous == "true" ? "look-ups and decisions need no sign-in" : "with a session or a key", note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("apache", "0.0.0.0")]
    [InlineData("apache", "192.168.1.10")]
    [InlineData("rest-api", "*")]
    public async Task Clients_that_show_nothing_are_not_served_where_a_part_listens_beyond_loopback(string part, string address)
    {
        await using var model = await AppHostModel.MakeAsync();

        model.Get<IResource>(part).Annotations.OfType<EndpointAnnotation>().First(endpoint => endpoint.Name == "http").TargetHost = address;

        Assert.Equal("false", await ValueAsync(model, "api-allow-anonymous"));
    }

    [Fact]
    public async Task Neither_true_nor_false_is_told_in_one_sentence()
    {
        var e = await Assert.ThrowsAnyAsync<Exception>(() => AppHostModel.MakeAsync("--API_ALLOW_ANONYMOUS=perhaps"));

        Assert.Contains("API_ALLOW_ANONYMOUS is 'perhaps'; it has to be true or false.", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Single_sign_on_and_the_audit_logs_retention_reach_who_needs_them_and_the_clients_secret_the_desk_only()
    {
        await using var model = await AppHostModel.MakeAsync(
            "--Authentication:Authority=https://id.example.org",
            "--Authentication:ClientSecret=secret",
            "--Audit:RetentionDays=30",
            "--Supervisor:UserName=chief");

        var (restApi, web, migrations) = (
            await model.EnvironmentAsync("rest-api"),
            await model.EnvironmentAsync("web"),
            await model.EnvironmentAsync("migrations"));
        Assert.All([restApi, web], environment => Assert.Equal("https://id.example.org", environment["Authentication__Authority"]));
        Assert.Equal(
            ("{authentication-client-secret.value}", false),
            (web["Authentication__ClientSecret"], restApi.ContainsKey("Authentication__ClientSecret")));
        Assert.Equal(("30", "chief"), (migrations["Audit__RetentionDays"], migrations["Supervisor__UserName"]));
        Assert.DoesNotContain(migrations.Keys, name => name.StartsWith("Authentication", StringComparison.Ordinal));
    }

    // Of what the terminal says: a person can do it as it stands there.
    [Theory]
    [InlineData(false, "", "password: dotnet aspire secret get Parameters:supervisor-password")]
    [InlineData(false, "--SUPERVISOR_PASSWORD=given-by-hand", "password: as given in SUPERVISOR_PASSWORD")]
    [InlineData(true, "--SUPERVISOR_PASSWORD=given-by-hand", "password: as given in SUPERVISOR_PASSWORD")]
    public async Task The_terminal_says_how_to_get_at_the_password(bool ephemeral, string argument, string words)
    {
        await using var model = await AppHostModel.MakeAsync("processes", ephemeral, argument == "" ? [] : [argument]);

        var summary = model.Get<IApacheResource>("apache").Annotations.OfType<SummaryAnnotation>().First();

        Assert.Equal("Immigration desk", summary.Title);
        Assert.Equal(
            $"/sign-in?link={await ValueAsync(model, "supervisor-sign-in-token")}", await summary.Path!.GetValueAsync(Cancellation));
        Assert.Equal($"signs in once as supervisor; first {words}", await summary.Note!.GetValueAsync(Cancellation));
    }

    [Fact]
    public async Task The_dashboard_has_the_link_beside_the_desk_and_says_that_it_works_once()
    {
        await using var model = await AppHostModel.MakeAsync();
        var apache = model.Get<IApacheResource>("apache");
        var endpoint = apache.Annotations.OfType<EndpointAnnotation>().First();
        endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "localhost", 8080);
        var urls = new List<ResourceUrlAnnotation> { new() { Url = "http://localhost:8080", Endpoint = apache.GetEndpoint("http") } };
        var context = new ResourceUrlsCallbackContext(new(DistributedApplicationOperation.Run), apache, urls, Cancellation);
        foreach (var callback in apache.Annotations.OfType<ResourceUrlsCallbackAnnotation>())
        {
            await callback.Callback(context);
        }

        Assert.Equal("Immigration desk", urls[0].DisplayText);
        var link = Assert.Single(urls, url => url.Url.Contains("/sign-in?link=", StringComparison.Ordinal));
        Assert.EndsWith(await ValueAsync(model, "supervisor-sign-in-token"), link.Url, StringComparison.Ordinal);
        Assert.Contains("once", link.DisplayText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("users", "", "users list")]
    [InlineData("users", "action=list name= role=officer", "users list")]
    [InlineData("users", "action=add name=ada role=supervisor", "users add ada --role supervisor")]
    [InlineData("users", "action=lock name=ada role=officer", "users lock ada")]
    [InlineData("keys", "action=add name=airline scope=look-up,decide days=90", "keys add airline --scope look-up decide --days 90")]
    [InlineData("keys", "action=revoke name=airline scope= days=", "keys revoke airline")]
    [InlineData("import", "what=flights file=/tmp/today.csv dry-run=no", "import flights /tmp/today.csv")]
    [InlineData("import", "what=wanted file=/tmp/wanted.csv dry-run=yes", "import wanted /tmp/wanted.csv --dry-run")]
    public async Task A_command_for_administrators_is_a_line_of_the_APIs_program(string command, string arguments, string line)
    {
        await using var model = await AppHostModel.MakeAsync();
        var declared = model.Get<ProjectResource>("rest-api").Annotations.OfType<ResourceCommandAnnotation>()
            .Single(annotation => annotation.Name == command);

        var inputs = arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(argument => argument.Split('='))
            .Select(argument =>
                new InteractionInput { Name = argument[0], InputType = InputType.Text, Value = argument[1].Replace(',', ' ') })
            .ToList();

        Assert.Equal(line, string.Join(' ', [command, .. AdministrationBuilderExtensions.Words(new(inputs))]));
        Assert.Subset(declared.Arguments.Select(argument => argument.Name).ToHashSet(), inputs.Select(input => input.Name).ToHashSet());
    }

    private static async Task<string?> ValueAsync(AppHostModel model, string parameter) =>
        await model.Get<ParameterResource>(parameter).GetValueAsync(Cancellation);
}
