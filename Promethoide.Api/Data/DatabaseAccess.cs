using System.Data;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Promethoide.Api.Limits;

namespace Promethoide.Api.Data;

/// <summary>
/// Runs requests' database operations with a time limit, whatever the server and the network do. When a request gives up, the abandoned
/// operation is ended in the background. Look-ups have half of the connections to themselves, so a lock or a slow disk that holds up writes
/// does not affect them.
/// </summary>
internal sealed class DatabaseAccess : IDisposable
{
    // Few and quick: an officer who waits half a minute for an error has sent the request again by then.
    private const int MostTries = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly IServiceScopeFactory _scopes;
    private readonly string? _connectionString;
    private readonly Reachability _server;
    private readonly TimeSpan _patience;
    private readonly TimeSpan _beforeDoubt;
    private readonly SemaphoreSlim _forLookUps;
    private readonly SemaphoreSlim _forTheRest;

    /// <param name="scopes">The source of contexts.</param>
    /// <param name="connectionString">The contexts' connection string, so that all share one pool.</param>
    /// <param name="server">Tells whether the server is reachable.</param>
    /// <param name="options">The time limit and the number of connections.</param>
    public DatabaseAccess(
        IServiceScopeFactory scopes, string? connectionString, Reachability server, IOptions<LimitsOptions> options)
    {
        (_scopes, _connectionString, _server, _patience) = (scopes, connectionString, server, options.Value.DatabaseTimeout);
        _beforeDoubt = _patience - (server.Patience * 1.25);
        var connections = options.Value.DatabaseConnections;
        _forLookUps = new SemaphoreSlim(connections - (connections / 2));
        _forTheRest = new SemaphoreSlim(Math.Max(1, connections / 2));
    }

    /// <summary>Runs the operation, and retries when the connection failed rather than the statement.</summary>
    /// <param name="operation">Gets a context that it may use until its task ends, and the number of the attempt, from 1: an earlier
    /// attempt may have succeeded without its result arriving.</param>
    /// <param name="requestAborted">Cancelled when the client disconnects: the statement is then cancelled on the server.</param>
    /// <exception cref="TimeoutException">The result did not arrive in time; the message says what the operation was waiting
    /// for.</exception>
    public Task<T> ExecuteAsync<T>(Func<PromethoideContext, int, CancellationToken, Task<T>> operation, CancellationToken requestAborted) =>
        ExecuteAsync(
            _forTheRest,
            TakeContext,
            (services, attempt, stop) => operation(services.ServiceProvider.GetRequiredService<PromethoideContext>(), attempt, stop),
            requestAborted);

    /// <summary>The same for operations that use the context through a service.</summary>
    public Task<T> ExecuteAsync<TService, T>(
        Func<TService, CancellationToken, Task<T>> operation, CancellationToken requestAborted) where TService : notnull =>
        ExecuteAsync(
            _forTheRest,
            TakeContext,
            (services, _, stop) => operation(services.ServiceProvider.GetRequiredService<TService>(), stop),
            requestAborted);

    /// <summary>The same for look-ups, including that of the caller's token.</summary>
    public Task<T> LookUpAsync<T>(Func<PromethoideContext, CancellationToken, Task<T>> operation, CancellationToken requestAborted) =>
        ExecuteAsync(
            _forLookUps,
            TakeContext,
            (services, _, stop) => operation(services.ServiceProvider.GetRequiredService<PromethoideContext>(), stop),
            requestAborted);

    /// <summary>The same for the most frequent look-ups: only the connection, without the cost of a context.</summary>
    public Task<T> FindAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> operation, CancellationToken requestAborted) =>
        ExecuteAsync(_forLookUps, TakeConnection, (connection, _, stop) => operation(connection, stop), requestAborted);

    public void Dispose()
    {
        _forLookUps.Dispose();
        _forTheRest.Dispose();
    }

    private (AsyncServiceScope, NpgsqlConnection) TakeContext()
    {
        var scope = _scopes.CreateAsyncScope();
        return (scope, (NpgsqlConnection)scope.ServiceProvider.GetRequiredService<PromethoideContext>().Database.GetDbConnection());
    }

    private (NpgsqlConnection, NpgsqlConnection) TakeConnection()
    {
        var connection = new NpgsqlConnection(_connectionString);
        return (connection, connection);
    }

    private async Task<T> ExecuteAsync<TOwner, T>(
        SemaphoreSlim places,
        Func<(TOwner, NpgsqlConnection)> take,
        Func<TOwner, int, CancellationToken, Task<T>> operation,
        CancellationToken requestAborted) where TOwner : IAsyncDisposable
    {
        requestAborted.ThrowIfCancellationRequested();
        var started = Stopwatch.GetTimestamp();
        if (!await places.WaitAsync(_patience, requestAborted))
        {
            throw new TimeoutException($"no connection to the database was free within {_patience.TotalSeconds} s");
        }

        var attempts = new Attempts();
        var stop = new CancellationTokenSource();
        Task<T> answer;
        NpgsqlConnection connection;
        try
        {
            (var owner, connection) = take();
            answer = AnswerAsync(places, attempts, operation, owner, stop.Token);
        }
        catch
        {
            places.Release();
            throw;
        }

        try
        {
            // The very first operation builds the model before it gets here; that time counts too.
            return await answer.WaitAsync(Left(_beforeDoubt, started), requestAborted);
        }
        catch (TimeoutException)
        {
            return await DoubtAsync(answer, connection, attempts, started, stop, requestAborted);
        }
        catch (OperationCanceledException) when (!answer.IsCompleted)
        {
            Cancel(stop);
            throw;
        }
    }

    // The result is late: while it may still arrive, test with a fresh connection whether the server is reachable.
    private async Task<T> DoubtAsync<T>(
        Task<T> answer,
        NpgsqlConnection connection,
        Attempts attempts,
        long started,
        CancellationTokenSource stop,
        CancellationToken requestAborted)
    {
        _ = DropUnlessThereAsync(connection);
        try
        {
            return await answer.WaitAsync(Left(_patience, started), requestAborted);
        }
        catch (Exception exception) when (!answer.IsCompleted)
        {
            var waitedFor = connection.State is ConnectionState.Closed or ConnectionState.Connecting
                ? "a connection to the database"
                : "the database's answer";
            Cancel(stop);
            throw exception is TimeoutException
                ? new TimeoutException($"{waitedFor} did not come within {_patience.TotalSeconds} s{attempts}")
                : exception;
        }
    }

    // If the server is unreachable, the idle connections are dead, and the next requests would not know.
    private async Task DropUnlessThereAsync(NpgsqlConnection connection)
    {
        if (!await _server.IsThereAsync(connection))
        {
            NpgsqlConnection.ClearPool(connection);
        }
    }

    private static TimeSpan Left(TimeSpan time, long since) =>
        time - Stopwatch.GetElapsedTime(since) is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    // On a separate thread: Npgsql's cancel request blocks, and an unreachable server would hold one pool thread per request.
    private static void Cancel(CancellationTokenSource stop) =>
        Task.Factory.StartNew(stop.Cancel, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>
    /// The connection returns to its pool, and its place to the next request, when the database is done with it, not when the request is.
    /// </summary>
    private static async Task<T> AnswerAsync<TOwner, T>(
        SemaphoreSlim places,
        Attempts attempts,
        Func<TOwner, int, CancellationToken, Task<T>> operation,
        TOwner owner,
        CancellationToken stop) where TOwner : IAsyncDisposable
    {
        try
        {
            await using (owner)
            {
                for (; ; attempts.Count++)
                {
                    try
                    {
                        return await operation(owner, attempts.Count, stop);
                    }
                    catch (Exception exception) when (attempts.Count < MostTries && !stop.IsCancellationRequested && MayPass(exception))
                    {
                        attempts.LastFailure = exception;
                        await Task.Delay(Pause, stop);
                    }
                }
            }
        }
        finally
        {
            places.Release();
        }
    }

    // EF Core wraps a query's transient failures in an exception that recommends its own strategy.
    private static bool MayPass(Exception exception) =>
        (exception as NpgsqlException ?? exception.InnerException as NpgsqlException) is { IsTransient: true };

    private sealed class Attempts
    {
        public int Count { get; set; } = 1;

        public Exception? LastFailure { get; set; }

        public override string ToString() =>
            LastFailure is null ? "" : $", at try {Count}; before: {LastFailure.GetBaseException().Message}";
    }
}
