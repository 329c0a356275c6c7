namespace Promethoide.Monitoring.Checks;

/// <param name="File">Below <c>monitoring/</c>.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Message">What is wrong; what to do.</param>
internal sealed record Finding(string File, int Line, string Message)
{
    public override string ToString() => $"{File}:{Line}: {Message}";
}
