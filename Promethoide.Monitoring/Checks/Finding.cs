namespace Promethoide.Monitoring.Checks;

/// <param name="File">Below <c>monitoring/</c>.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Message">What is wrong, and what to do.</param>
/// <param name="IsStyle">Violates only our house style. Otherwise it stops or misleads Grafana.</param>
internal sealed record Finding(string File, int Line, string Message, bool IsStyle = false)
{
    public override string ToString() => $"{File}:{Line}: {(IsStyle ? "house style" : "error")}: {Message}";
}
