using System.Diagnostics;
using Microsoft.Extensions.Options;
using Npgsql;
using Promethoide.Api.Limits;

namespace Promethoide.Api.Data;

/// <summary>
/// Distinguishes a slow server from an unreachable one. Open connections cannot: a silent network and a locked table look the same to them.
/// A fresh one can, and dropping all connections because of a locked table would only add to the server's load.
/// </summary>
internal sealed class Reachability(IOptions<LimitsOptions> options)
{
    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Task<bool> _last = Task.FromResult(false);
    private long? _asked;

    /// <summary>The time limit for a fresh connection: short enough to finish before a request gives up.</summary>
    public TimeSpan Patience { get; } = options.Value.DatabaseTimeout / 3;

    /// <summary>Whether the server accepts this connection's user; checked at most once a second, however many callers ask.</summary>
    public Task<bool> IsThereAsync(NpgsqlConnection connection)
    {
        lock (_lock)
        {
            if (_asked is not { } asked || Stopwatch.GetElapsedTime(asked) > GoodFor)
            {
                _asked = Stopwatch.GetTimestamp();
                _last = OpenAsync(connection);
            }

            return _last;
        }
    }

    private async Task<bool> OpenAsync(NpgsqlConnection connection)
    {
        try
        {
            // A slower attempt ends with the connection's own time-out.
            await OpenAndCloseAsync(connection).WaitAsync(Patience);
            return true;
        }
        catch (PostgresException)
        {
            // The server is full or does not know this user: it is reachable, since it answered.
            return true;
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            return false;
        }
    }

    private static async Task OpenAndCloseAsync(NpgsqlConnection connection)
    {
        // It reads nothing, so it need not load the types.
        var fresh = new NpgsqlConnectionStringBuilder(connection.ConnectionString)
        {
            Pooling = false,
            ["Server Compatibility Mode"] = "NoTypeLoading",
        };
        await using var probe = connection.CloneWith(fresh.ConnectionString);
        await probe.OpenAsync();
    }
}
