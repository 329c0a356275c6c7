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
    // Few and quick: an officer who waits half a minute for "no" has sent the request again.
    private const int MostTries = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly TimeSpan _patience = options.Value.DatabaseTimeout;

    /// <summary>Asks, and asks again where the connection failed and not the statement.</summary>
    /// <param name="question">Gets a context that it may use until its task ends, and the number of the try, from 1: a try before this one may have
    /// done its work and only failed to say so.</param>
    /// <param name="clientGone">Nobody waits for the answer any longer: the statement is cancelled on the server.</param>
    /// <exception cref="TimeoutException">There is no answer yet.</exception>
    public Task<T> AskAsync<T>(Func<PromethoideContext, int, CancellationToken, Task<T>> question, CancellationToken clientGone) =>
        AskAsync((services, attempt, stop) => question(services.GetRequiredService<PromethoideContext>(), attempt, stop), clientGone);

    /// <summary>The same for what works with a service of its own that uses the context.</summary>
    public Task<T> AskAsync<TService, T>(Func<TService, CancellationToken, Task<T>> question, CancellationToken clientGone) where TService : notnull =>
        AskAsync((services, _, stop) => question(services.GetRequiredService<TService>(), stop), clientGone);

    private async Task<T> AskAsync<T>(Func<IServiceProvider, int, CancellationToken, Task<T>> question, CancellationToken clientGone)
    {
        clientGone.ThrowIfCancellationRequested();
        var started = Stopwatch.GetTimestamp();
        var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PromethoideContext>();
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        var stop = new CancellationTokenSource();
        var answer = AnswerAsync(question, scope, stop.Token);
        try
        {
            // The first question of all builds the model before it gets here: that counts as well.
            var left = _patience - Stopwatch.GetElapsedTime(started);
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
        Func<IServiceProvider, int, CancellationToken, Task<T>> question, AsyncServiceScope scope, CancellationToken stop)
    {
        await using (scope)
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    return await question(scope.ServiceProvider, attempt, stop);
                }
                catch (Exception exception) when (attempt < MostTries && !stop.IsCancellationRequested && MayPass(exception))
                {
                    await Task.Delay(Pause, stop);
                }
            }
        }
    }

    // EF Core puts those of a query into an exception that recommends its own strategy.
    private static bool MayPass(Exception exception) =>
        (exception as NpgsqlException ?? exception.InnerException as NpgsqlException) is { IsTransient: true };
}
