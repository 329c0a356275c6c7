namespace Promethoide.Web.RestApi;

/// <summary>The time that a page has left, shared by all calls of one request.</summary>
public sealed class PageTime
{
    // However many calls a page makes and whatever the API does, Apache has to get a response before it takes this web for hung: after four
    // seconds.
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(3.5);

    private readonly long _started = TimeProvider.System.GetTimestamp();

    public TimeSpan Left => Budget - TimeProvider.System.GetElapsedTime(_started) is { Ticks: > 0 } left ? left : TimeSpan.Zero;
}
