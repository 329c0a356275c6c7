using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using OpenTelemetry.Logs;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api;

[Collection("Api")]
public sealed class ProblemLogTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    // As in the API's appsettings.json.
    private static readonly KeyValuePair<string, string?>[] AsInProduction =
    [
        new("Logging:LogLevel:Default", "Information"), new("Logging:LogLevel:Microsoft.AspNetCore", "Warning"),
        new("Logging:LogLevel:Microsoft.EntityFrameworkCore", "Warning"), new("Logging:Console:LogLevel:Default", "None"),
    ];

    [Fact]
    public async Task Each_refused_request_is_one_line_with_its_trace_and_without_its_traveller()
    {
        using var log = new Recorder();
        await using var host = await new ApiHost(fixture.Database.AsApi, log: log, settings: AsInProduction).ReadyAsync();
        var before = log.Lines.Count;
        Answer[] answers =
        [
            await host.Public.PostAsync("/immigration", Travellers.Body(("dni", "12345678A"))),
            await host.Public.PostAsync("/immigration", Travellers.Body(("flight_number", "ZZ1"))),
            await host.Public.PostAsync("/immigration", Travellers.Body(("lodging", null))),
            await host.Public.PostAsync("/immigration", new { }),
            await host.Public.PostTextAsync("/immigration", "{", "application/json"),
            await host.Public.PostTextAsync("/immigration", """{"dni":7}""", "application/json"),
            await host.Public.PostTextAsync("/immigration", "{}", "text/plain"),
            await host.Public.PostTextAsync("/immigration", new string(' ', 70_000), "application/json"),
            await host.Public.GetAsync("/dni/12345678901234567"),
            await host.Public.GetAsync("/refusals?limit=0"),
            await host.Public.GetAsync("/no/such/12345678A"),
            await host.Public.SendAsync(HttpMethod.Delete, "/immigration/1", content: null),
        ];

        Assert.Equal(
            answers.Select(answer =>
                $"{LogLevel.Information} {answer.Json.GetProperty("code")} {answer.Json.GetProperty("status")} "
                + $"{answer.Json.GetProperty("trace_id")}"),
            log.Lines.Skip(before).Select(line => $"{line.Level} {line["Code"]} {line["Status"]} {line["TraceId"]}"));
        Assert.Equal("/immigration/", log.Problems.First()["Route"]);
        Assert.All(
            log.Lines, line => Assert.DoesNotContain("12345678", $"{line.Text} {string.Join(' ', line.State)}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_answered_is_no_line_even_when_the_answer_is_no()
    {
        using var log = new Recorder();
        await using var host = await new ApiHost(fixture.Database.AsApi, log: log, settings: AsInProduction).ReadyAsync();
        var before = log.Lines.Count;

        await host.Public.GetAsync("/dni/12345678A");
        await host.Public.GetAsync("/dni/1");
        await host.Public.GetAsync("/flights/ZZ1");
        await host.Public.GetAsync("/immigration/2147483647");
        await host.Public.PostAsync("/immigration", Travellers.Body());

        Assert.Empty(log.Lines.Skip(before));
    }

    [Fact]
    public async Task A_request_that_failed_is_one_line_with_the_reason()
    {
        using var log = new Recorder();
        await using var away = new ApiHost(
            new NpgsqlConnectionStringBuilder(fixture.Database.AsApi) { Port = Loopback.FreePort() }.ConnectionString,
            log: log,
            settings: AsInProduction);

        var answer = await away.Public.GetAsync("/dni/12345678A");

        var line = Assert.Single(log.Problems);
        Assert.Equal(LogLevel.Warning, line.Level);
        Assert.Equal("database-unavailable", line["Code"]);
        Assert.Equal(answer.Json.GetProperty("trace_id").GetString(), line["TraceId"]);
        Assert.False(string.IsNullOrEmpty(line["Reason"]));
        Assert.DoesNotContain(log.Lines, other => other.Level >= LogLevel.Error);
    }

    [Fact]
    public async Task A_request_that_waited_in_vain_says_what_it_waited_for()
    {
        using var log = new Recorder();
        await using var host = await new ApiHost(
            fixture.Database.AsApi, log: log, settings: [.. AsInProduction, new("Limits:DatabaseConnections", "2")])
            .ReadyAsync();
        await using (await TableLock.TakeAsync(fixture.Database))
        {
            await Task.WhenAll(host.Public.GetAsync("/dni/12345678A"), host.Public.GetAsync("/flights/AA123"));
        }

        Assert.Equal(
            ["no connection to the database was free within 1.5 s", "the database's answer did not come within 1.5 s"],
            log.Problems.Select(line => line["Reason"]).Order());
    }

    [Fact]
    public async Task A_fault_of_ours_is_one_line_with_the_exception()
    {
        using var log = new Recorder();
        await using var host = await new ApiHost(fixture.Database.AsApi, log: log, settings: AsInProduction).ReadyAsync();

        await fixture.Database.ChangeAsync("ALTER TABLE flights RENAME TO flights_gone");
        try
        {
            await host.Public.GetAsync("/flights/AA123");
        }
        finally
        {
            await fixture.Database.ChangeAsync("ALTER TABLE flights_gone RENAME TO flights");
        }

        var line = Assert.Single(log.Lines, line => line.Level >= LogLevel.Warning);
        Assert.Equal((LogLevel.Error, "/flights/{flight_number}", "internal-error"), (line.Level, line["Route"], line["Code"]));
        Assert.Contains("PostgresException", line.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("AA123", line.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_that_are_sent_elsewhere_have_no_paths()
    {
        await using var host = new ApiHost(fixture.Database.AsApi, settings: [new("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")]);

        // A request's scope contains its path.
        Assert.False(host.Services.GetRequiredService<IOptionsMonitor<OpenTelemetryLoggerOptions>>().CurrentValue.IncludeScopes);
    }
}
