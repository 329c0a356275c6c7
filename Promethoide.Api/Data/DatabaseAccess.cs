using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Promethoide.Api.Limits;

namespace Promethoide.Api.Data;

/// <summary>
/// The way from a request to the database. It answers or fails in time, whatever the server and the network do: a request waits so long and no
/// longer, and what it has stopped waiting for is ended behind its back.
/// </summary>
internal sealed class DatabaseAccess(IServiceScopeFactory scopes, IOptions<LimitsOptions> options)
{
    private readonly TimeSpan _patience = options.Value.DatabaseTimeout;

    /// <summary>Asks once; tries again, where that may help, are part of it.</summary>
    /// <param name="question">Gets a context that it may use until its task ends.</param>
    /// <param name="clientGone">Nobody waits for the answer any longer: the statement is cancelled on the server.</param>
    /// <exception cref="TimeoutException">There is no answer yet.</exception>
    public Task<T> AskAsync<T>(Func<PromethoideContext, CancellationToken, Task<T>> question, CancellationToken clientGone) =>
        AskAsync(question, _patience, clientGone);

    /// <inheritdoc cref="AskAsync{T}(Func{PromethoideContext, CancellationToken, Task{T}}, CancellationToken)"/>
    public async Task<T> AskAsync<T>(
        Func<PromethoideContext, CancellationToken, Task<T>> question, TimeSpan patience, CancellationToken clientGone)
    {
        clientGone.ThrowIfCancellationRequested();
        var started = Stopwatch.GetTimestamp();
        var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PromethoideContext>();
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        var stop = new CancellationTokenSource();
        var answer = AnswerAsync(question, db, scope, stop.Token);
        try
        {
            // The first question of all builds the model before it gets here: that counts as well.
            var left = patience - Stopwatch.GetElapsedTime(started);
            return await answer.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, clientGone);
        }
        catch (Exception exception) when (!answer.IsCompleted)
        {
            // On a thread of its own: Npgsql asks the server to cancel in a blocking way, and a server that is not there would hold one thread of
            // the pool for each request.
            _ = Task.Factory.StartNew(stop.Cancel, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            if (exception is TimeoutException)
            {
                // The idle connections may be as dead as this one, and nothing would tell the next requests.
                NpgsqlConnection.ClearPool(connection);
            }

            throw;
        }
    }

    /// <summary>The context goes back to its pool when the database is done with it, not when the request is.</summary>
    private static async Task<T> AnswerAsync<T>(
        Func<PromethoideContext, CancellationToken, Task<T>> question, PromethoideContext db, AsyncServiceScope scope, CancellationToken stop)
    {
        await using (scope)
        {
            return await question(db, stop);
        }
    }
}
