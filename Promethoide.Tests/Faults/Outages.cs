using System.Diagnostics;

namespace Promethoide.Tests.Faults;

/// <summary>Requests a path repeatedly and measures how long there was no successful response.</summary>
internal sealed class Outages : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _over = new();
    private readonly Task _asking;
    private readonly Lock _gate = new();
    private long _lastGood = Stopwatch.GetTimestamp();
    private TimeSpan _longest;

    public Outages(HttpClient http, string path) => _asking = AskAsync(http, path);

    /// <summary>The longest time between two successful responses since the last call.</summary>
    public async Task<TimeSpan> LongestAsync()
    {
        // An outage in progress has to end first.
        var since = Stopwatch.GetTimestamp();
        while (Volatile.Read(ref _lastGood) < since)
        {
            await Task.Delay(Pause);
        }

        lock (_gate)
        {
            var longest = _longest;
            _longest = TimeSpan.Zero;
            return longest;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _asking;
        _over.Dispose();
    }

    private async Task AskAsync(HttpClient http, string path)
    {
        while (!_over.IsCancellationRequested)
        {
            if (await IsGoodAsync(http, path))
            {
                lock (_gate)
                {
                    var gap = Stopwatch.GetElapsedTime(_lastGood);
                    _longest = gap > _longest ? gap : _longest;
                    Volatile.Write(ref _lastGood, Stopwatch.GetTimestamp());
                }
            }

            await Task.Delay(Pause, _over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<bool> IsGoodAsync(HttpClient http, string path)
    {
        try
        {
            using var time = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), time.Token);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}
