using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Promethoide.Tests.Fixtures;

/// <summary>A log line, with everything that a structured log would keep of it.</summary>
public sealed record LogLine(LogLevel Level, string Category, string Text, IReadOnlyList<KeyValuePair<string, object?>> State)
{
    /// <summary>One of the line's values, as text.</summary>
    public string? this[string name] => State.FirstOrDefault(pair => pair.Key == name).Value?.ToString();
}

/// <summary>Keeps everything that is logged.</summary>
public sealed class Recorder : ILoggerProvider
{
    public ConcurrentQueue<LogLine> Lines { get; } = new();

    /// <summary>The lines about requests that were refused or failed.</summary>
    public IEnumerable<LogLine> Problems => Lines.Where(line => line.Category == "Promethoide.Api.Problems");

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, Lines);

    public void Dispose()
    {
    }

    private sealed class Logger(string category, ConcurrentQueue<LogLine> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var text = new StringBuilder(formatter(state, exception)).Append(' ').Append(exception);
            // A snapshot: a logger's state must not be kept after the call.
            var values = state is IEnumerable<KeyValuePair<string, object?>> pairs ? pairs.ToList() : [];
            lines.Enqueue(new LogLine(logLevel, category, text.ToString(), values));
        }
    }
}
