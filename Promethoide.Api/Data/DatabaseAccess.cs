using System.Data;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Promethoide.Api.Limits;

namespace Promethoide.Api.Data;

/// <summary>
/// The way from a request to the database. It answers or fails in time, whatever the server and the network do: a request waits so long and
/// no longer, and what it has stopped waiting for is ended behind its back. Look-ups have half of the connections to themselves: a lock or
/// a slow disk, which holds up whoever writes, leaves them alone.
/// </summary>
internal sealed class DatabaseAccess : IDisposable
{
    // Few and quick: an officer who waits half a minute for "no" has sent the request again.
    private const int MostTries = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly IServiceScopeFactory _scopes;
    private readonly string? _connectionString;
    private readonly Reachability _server;
    private readonly TimeSpan _patience;
    private readonly TimeSpan _beforeDoubt;
    private readonly SemaphoreSlim _forLookUps;
    private readonly SemaphoreSlim _forTheRest;

    /// <param name="scopes">Where contexts come from.</param>
    /// <param name="connectionString">That of the contexts, so that all share one pool.</param>
    /// <param name="server">Tells whether anybody is there.</param>
    /// <param name="options">How long a request waits, and for how many connections.</param>
    public DatabaseAccess(
        IServiceScopeFactory scopes, string? connectionString, Reachability server, IOptions<LimitsOptions> options)
    {
        (_scopes, _connectionString, _server, _patience) = (scopes, connectionString, server, options.Value.DatabaseTimeout);
        _beforeDoubt = _patience - (server.Patience * 1.25);
        var connections = options.Value.DatabaseConnections;
        _forLookUps = new SemaphoreSlim(connections - (connections / 2));
        _forTheRest = new SemaphoreSlim(Math.Max(1, connections / 2));
    }

    /// <summary>Asks, and asks again where the connection failed and not the statement.</summary>
    /// <param name="operation">Gets a context that it may use until its task ends, and the number of the try, from 1: a try before this one
    /// may have done its work and only failed to say so.</param>
    /// <param name="requestAborted">Nobody waits for the answer any longer: the statement is cancelled on the server.</param>
    /// <exception cref="TimeoutException">There is no answer yet; the message says what it waited for.</exception>
    public Task<T> ExecuteAsync<T>(Func<PromethoideContext, int, CancellationToken, Task<T>> operation, CancellationToken requestAborted) =>
        ExecuteAsync(
            _forTheRest,
            TakeContext,
            (services, attempt, stop) => operation(services.ServiceProvider.GetRequiredService<PromethoideContext>(), attempt, stop),
            requestAborted);

    /// <summary>The same for what works with a service of its own that uses the context.</summary>
    public Task<T> ExecuteAsync<TService, T>(
        Func<TService, CancellationToken, Task<T>> operation, CancellationToken requestAborted) where TService : notnull =>
        ExecuteAsync(
            _forTheRest,
            TakeContext,
            (services, _, stop) => operation(services.ServiceProvider.GetRequiredService<TService>(), stop),
            requestAborted);

    /// <summary>The same for what a look-up needs, who asks included.</summary>
    public Task<T> LookUpAsync<T>(Func<PromethoideContext, CancellationToken, Task<T>> operation, CancellationToken requestAborted) =>
        ExecuteAsync(
            _forLookUps,
            TakeContext,
            (services, _, stop) => operation(services.ServiceProvider.GetRequiredService<PromethoideContext>(), stop),
            requestAborted);

    /// <summary>The same for the look-ups that come most: the connection alone, without what a context costs.</summary>
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
            // The first operation of all builds the model before it gets here: that counts as well.
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

    // The answer is late: while it may still come, a fresh connection tells whether anybody is there.
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

    // When nobody is there, the idle connections are dead, and nothing would tell the next requests.
    private async Task DropUnlessThereAsync(NpgsqlConnection connection)
    {
        if (!await _server.IsThereAsync(connection))
        {
            NpgsqlConnection.ClearPool(connection);
        }
    }

    private static TimeSpan Left(TimeSpan time, long since) =>
        time - Stopwatch.GetElapsedTime(since) is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    // On a thread of its own: Npgsql asks the server to cancel in a blocking way, and a server that is not there would hold one thread of
    // the pool for each request.
    private static void Cancel(CancellationTokenSource stop) =>
        Task.Factory.StartNew(stop.Cancel, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>
    /// What was taken goes back to its pool, and the place to the next, when the database is done with it, not when the request is.
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

    // EF Core puts those of a query into an exception that recommends its own strategy.
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
