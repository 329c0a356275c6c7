using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Npgsql;
using Promethoide.Api.Data;
using Promethoide.Api.Officers;

namespace Promethoide.Api.Access;

/// <summary>
/// Finds the owner of a token. Valid tokens are cached for <see cref="AccessOptions.TokenCache"/>: every replica notices the end of a
/// session within that time, and updates its last use no more often.
/// </summary>
internal sealed class Tokens(DatabaseAccess database, IOptions<AccessOptions> options) : IDisposable
{
    // Far more than there are officers and services.
    private const int MostKept = 10_000;

    private static readonly string UseSession =
        $"""
        UPDATE sessions s SET last_seen_at = now() FROM officers o
        WHERE s.token_hash = $1 AND o.id = s.officer_id AND NOT o.locked AND {Sessions.IsAlive("s")}
        RETURNING s.id, o.id, o.user_name, o.role, o.must_change_password AND NOT s.by_link, o.password_hash IS NOT NULL, s.created_at
        """;

    private const string FindKey =
        "SELECT name, scopes FROM api_keys WHERE key_hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())";

    private readonly MemoryCache _known = new(new MemoryCacheOptions { SizeLimit = MostKept });
    private readonly TimeSpan _kept = options.Value.TokenCache;
    private readonly SingleFlight<string, Caller?> _lookUps = new();

    /// <summary>The caller; null when the token is unknown, expired or revoked.</summary>
    /// <exception cref="TimeoutException">The database did not answer, so the token could not be checked.</exception>
    public ValueTask<Caller?> FindAsync(string token, CancellationToken requestAborted) =>
        _known.TryGetValue(token, out Caller? caller)
            ? ValueTask.FromResult(caller)
            : new(_lookUps.RunAsync(token, () => LookUpAsync(token)).WaitAsync(requestAborted));

    /// <summary>Forces a fresh look-up of this request's token next time.</summary>
    public void Forget(HttpRequest request)
    {
        if (TokenAuthentication.TokenOf(request) is { } token)
        {
            _known.Remove(token);
        }
    }

    public void Dispose() => _known.Dispose();

    private async Task<Caller?> LookUpAsync(string token)
    {
        var (sql, read) = token.StartsWith(Secret.SessionPrefix, StringComparison.Ordinal)
            ? (UseSession, (Func<NpgsqlDataReader, Caller>)ReadSession)
            : (FindKey, ReadKey);
        var hash = Secret.Hash(token);
        var caller = await database.FindAsync(
            (db, stop) => db.FirstRowAsync(sql, read, stop, Sql.Value(hash)), CancellationToken.None);
        // Not cached while the password must be changed: after the change at one replica, the officer can continue at another immediately.
        if (caller is { Session: not { MustChangePassword: true } } && _kept > TimeSpan.Zero)
        {
            _known.Set(token, caller, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = _kept, Size = 1 });
        }

        return caller;
    }

    private static Caller ReadSession(NpgsqlDataReader row)
    {
        var session = new SignedIn(
            row.GetInt32(0), row.GetInt32(1), row.GetString(3), row.GetBoolean(4), row.GetBoolean(5), row.GetDateTime(6));
        return new Caller(row.GetString(2), session.MustChangePassword ? Scopes.Session : Roles.ScopesOf(session.Role))
        {
            Session = session,
        };
    }

    private static Caller ReadKey(NpgsqlDataReader row) => new($"key/{row.GetString(0)}", ScopeNames.Read(row.GetFieldValue<string[]>(1)));
}
