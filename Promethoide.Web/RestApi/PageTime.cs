namespace Promethoide.Web.RestApi;

/// <summary>What is left of the time that a page may take. All calls of one request share it.</summary>
public sealed class PageTime
{
    // However many calls a page makes and whatever the API does, Apache has to hear of it before it takes this web for one that hangs:
    // after four seconds.
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(3.5);

    private readonly long _started = TimeProvider.System.GetTimestamp();

    public TimeSpan Left => Budget - TimeProvider.System.GetElapsedTime(_started) is { Ticks: > 0 } left ? left : TimeSpan.Zero;
}
