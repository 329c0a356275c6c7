using System.Diagnostics;
using Microsoft.Extensions.Options;
using Npgsql;
using Promethoide.Api.Limits;

namespace Promethoide.Api.Data;

/// <summary>
/// Tells a server that is slow from one that is gone. Connections that are open cannot: a silent network and a locked table look the same
/// to them. A fresh one can, and dropping all others for a locked table would make the server's work worse.
/// </summary>
internal sealed class Reachability(IOptions<LimitsOptions> options)
{
    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Task<bool> _last = Task.FromResult(false);
    private long? _asked;

    /// <summary>How long a fresh connection may take: there is time to ask before a request gives up.</summary>
    public TimeSpan Patience { get; } = options.Value.DatabaseTimeout / 3;

    /// <summary>Whether the server lets this connection's user in; asked at most once a second, however many want to know.</summary>
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
            // What takes longer ends by itself, by the time-out of the connection.
            await OpenAndCloseAsync(connection).WaitAsync(Patience);
            return true;
        }
        catch (PostgresException)
        {
            // It has no room, or does not know this user: there is somebody who says so.
            return true;
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            return false;
        }
    }

    private static async Task OpenAndCloseAsync(NpgsqlConnection connection)
    {
        // It reads nothing, so it need not ask for the types.
        var fresh = new NpgsqlConnectionStringBuilder(connection.ConnectionString)
        {
            Pooling = false,
            ["Server Compatibility Mode"] = "NoTypeLoading",
        };
        await using var probe = connection.CloneWith(fresh.ConnectionString);
        await probe.OpenAsync();
    }
}
