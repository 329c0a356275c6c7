using Microsoft.Extensions.Logging;

namespace Promethoide.Tests.AppHost;

/// <summary>Logs to the output of the test that runs, which is shown when it fails.</summary>
internal sealed class TestOutputLogger(ITestOutputHelper output) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Logger(output, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(ITestOutputHelper output, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            output.WriteLine($"{logLevel} {category}: {formatter(state, exception)} {exception?.Message}");
    }
}
