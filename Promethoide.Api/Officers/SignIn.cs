using System.Net;
using Microsoft.EntityFrameworkCore;
using Promethoide.Api.Access;
using Promethoide.Api.Audit;
using Promethoide.Api.Data;
using Promethoide.Api.Metrics;

namespace Promethoide.Api.Officers;

/// <summary>
/// The ways to sign in. All failures get the same answer after the same time, which reveals neither whether the officer exists nor whether
/// the officer is locked.
/// </summary>
internal sealed class SignIn(DatabaseAccess database, Passwords passwords, SignInMetrics metrics, TimeProvider time)
{
    /// <summary>This many wrong passwords in a row lock the officer out for <see cref="LockOut"/> (OWASP ASVS 2.2.1).</summary>
    private const int MostFailures = 5;

    private static readonly TimeSpan LockOut = TimeSpan.FromMinutes(15);

    /// <returns>Null when the officer is refused.</returns>
    public async Task<SessionOpened?> ByPasswordAsync(string userName, string password, IPAddress? client, CancellationToken requestAborted)
    {
        var name = OfficerName.Normalise(userName);
        var officer = await database.ExecuteAsync(
            (db, _, stop) => db.Officers.FirstOrDefaultAsync(o => o.NormalizedUserName == name, stop), requestAborted);
        var right = await passwords.VerifyAsync(officer, password, requestAborted);
        if (right && !officer!.Locked && !(officer.LockoutEnd > time.GetUtcNow()))
        {
            return await OpenAsync(officer, byLink: false, client, requestAborted);
        }

        var lockedOut = await database.ExecuteAsync(
            (db, _, stop) => KeepFailureAsync(db, right ? null : officer?.Id, officer?.UserName, client, stop), requestAborted);
        metrics.Failed();
        if (lockedOut)
        {
            metrics.LockedOut();
        }

        return null;
    }

    /// <returns>Null when the link does not exist, or has been used or expired.</returns>
    public async Task<SessionOpened?> ByLinkAsync(string token, IPAddress? client, CancellationToken requestAborted)
    {
        var hash = Secret.Hash(token);
        var officer = await database.ExecuteAsync((db, _, stop) => UseLinkAsync(db, hash, stop), requestAborted);
        if (officer is not null)
        {
            return await OpenAsync(officer, byLink: true, client, requestAborted);
        }

        await database.ExecuteAsync((db, _, stop) => KeepFailureAsync(db, officerId: null, userName: null, client, stop), requestAborted);
        metrics.Failed();
        return null;
    }

    /// <returns>Null when an administrator has locked the officer.</returns>
    public async Task<SessionOpened?> BySingleSignOnAsync(ExternalOfficer external, IPAddress? client, CancellationToken requestAborted)
    {
        var officer = await database.ExecuteAsync<OfficerRegister, Officer>(
            (register, stop) => register.FindOrAddAsync(external, stop), requestAborted);
        if (!officer.Locked)
        {
            return await OpenAsync(officer, byLink: false, client, requestAborted);
        }

        metrics.Failed();
        return null;
    }

    private async Task<SessionOpened> OpenAsync(Officer officer, bool byLink, IPAddress? client, CancellationToken requestAborted)
    {
        var session = await database.ExecuteAsync(
            async (db, _, stop) =>
            {
                await db.Officers.Where(o => o.Id == officer.Id && (o.AccessFailedCount > 0 || o.LockoutEnd != null)).ExecuteUpdateAsync(
                    change => change.SetProperty(o => o.AccessFailedCount, 0).SetProperty(o => o.LockoutEnd, (DateTimeOffset?)null), stop);
                await db.AuditAsync(officer.UserName, Actions.SignIn, officer.UserName, Outcomes.Done, client?.ToString(), stop);
                return await Sessions.OpenAsync(db, officer, byLink, stop);
            },
            requestAborted);
        metrics.Succeeded();
        return session;
    }

    /// <summary>
    /// Counts in the database, in one statement: Identity reads, adds and writes, so it would count only one of many concurrent guesses.
    /// </summary>
    /// <returns>True when this failure has locked the officer out.</returns>
    private static async Task<bool> KeepFailureAsync(
        PromethoideContext db, int? officerId, string? userName, IPAddress? client, CancellationToken stop)
    {
        // An unknown name may be a password in the wrong field, so it is not stored.
        await db.AuditAsync(actor: null, Actions.SignIn, userName, Outcomes.Refused, client?.ToString(), stop);
        if (officerId is null)
        {
            return false;
        }

        var counted = await db.Database.SqlQuery<bool>(
            $"""
            UPDATE officers SET
                access_failed_count = (access_failed_count + 1) % {MostFailures},
                lockout_end = CASE WHEN access_failed_count + 1 = {MostFailures} THEN now() + {LockOut} ELSE lockout_end END
            WHERE id = {officerId} AND (lockout_end IS NULL OR lockout_end < now())
            RETURNING COALESCE(lockout_end > now(), false) AS "Value"
            """).ToListAsync(stop);
        if (counted is not [true])
        {
            return false;
        }

        await db.AuditAsync(actor: null, Actions.LockOut, userName, Outcomes.Done, client?.ToString(), stop);
        return true;
    }

    /// <summary>Deletes the link and returns its owner in one statement: of several concurrent uses, only one succeeds.</summary>
    private static async Task<Officer?> UseLinkAsync(PromethoideContext db, byte[] hash, CancellationToken stop)
    {
        var owners = await db.Database.SqlQuery<int>(
            $"""DELETE FROM sign_in_links WHERE token_hash = {hash} AND expires_at > now() RETURNING officer_id AS "Value" """)
            .ToListAsync(stop);
        return owners is [var id] ? await db.Officers.FirstOrDefaultAsync(officer => officer.Id == id && !officer.Locked, stop) : null;
    }
}
