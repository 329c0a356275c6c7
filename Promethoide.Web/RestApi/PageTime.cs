namespace Promethoide.Web.RestApi;

/// <summary>What is left of the time that a page may take. All calls of one request share it.</summary>
public sealed class PageTime
{
    // A page has to answer within about five seconds, however many calls it makes and whatever the API does.
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(4.5);

    private readonly long _started = TimeProvider.System.GetTimestamp();

    public TimeSpan Left => Budget - TimeProvider.System.GetElapsedTime(_started) is { Ticks: > 0 } left ? left : TimeSpan.Zero;
}
