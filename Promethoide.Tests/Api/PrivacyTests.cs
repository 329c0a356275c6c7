using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api;

[Collection("Api")]
public sealed class PrivacyTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private static readonly string[] Secrets =
    [
        "SECRET1", "secret1", "SECRET2", "Secret Name", "Secret Hotel", "secret-officer", "secret password", "pms_secret", "pmk_secret",
        TestDatabase.Key,
    ];

    [Fact]
    public async Task Neither_traces_nor_logs_tell_who_was_asked_about()
    {
        var told = new ConcurrentQueue<string>();
        using var traces = new ActivityListener
        {
            // Excludes this test's own HTTP client.
            ShouldListenTo = source => source.Name != "System.Net.Http",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => told.Enqueue(
                $"{activity.DisplayName} {string.Join(' ', activity.TagObjects)} "
                + $"{string.Join(' ', activity.Events.SelectMany(e => e.Tags))}"),
        };
        ActivitySource.AddActivityListener(traces);
        using var log = new Recorder(told);
        await using var host = await new ApiHost(
            fixture.Database.AsApi, log: log, settings: [new("Logging:LogLevel:Default", "Information")])
            .ReadyAsync();
        var api = host.Public;

        await api.GetAsync("/dni/secret1");
        await api.GetAsync("/dni/secret1/SECRET2");
        await api.GetAsync("/immigration?dni=SECRET1&dni=SECRET2");
        await api.GetAsync("/refusals?dni=SECRET1");
        await api.PostAsync("/immigration", Travellers.Body(("dni", "SECRET1"), ("name", "Secret Name"), ("lodging", "Secret Hotel")));
        await api.PostAsync("/immigration", Travellers.Body(("dni", "SECRET1"), ("name", "Secret Name"), ("lodging", "Secret Hotel")));
        await api.PostAsync("/sessions", new { user_name = "secret-officer", password = "secret password" });
        await api.PostAsync("/sessions/link", new { token = "pms_secret" });
        await api.As("pms_secret").GetAsync("/sessions/current");
        await api.As("pmk_secret").GetAsync("/dni/secret1");
        await api.As("pmk_secret").DeleteAsync("/officers/secret-officer");
        await api.PostTextAsync("/sessions", """{"user_name":"secret-officer","password":["secret password"]}""", "application/json");
        await api.PostTextAsync("/immigration", """{"dni":"SECRET1","name":["Secret Name"]}""", "application/json");

        Assert.Contains(told, line => line.Contains("/dni/{dni}", StringComparison.Ordinal));
        Assert.Contains(told, line => line.Contains("INSERT INTO", StringComparison.Ordinal));
        Assert.All(told, line => Assert.All(Secrets, secret => Assert.DoesNotContain(secret, line, StringComparison.Ordinal)));
    }

    private sealed class Recorder(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
