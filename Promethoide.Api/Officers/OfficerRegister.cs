using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Promethoide.Api.Access;
using Promethoide.Api.Audit;
using Promethoide.Api.Data;

namespace Promethoide.Api.Officers;

/// <summary>The result of an administrator's action.</summary>
internal enum RegisterOutcome
{
    Done,
    NotFound,
    Exists,

    /// <summary>The change would leave nobody to manage officers.</summary>
    LastSupervisor,

    /// <summary>The single sign-on provider manages the officer's password.</summary>
    SingleSignOn,
}

/// <summary>Administrators' changes to the officers. Names are normalised and validated, passwords are hashed.</summary>
/// <param name="db">The database context.</param>
/// <param name="officers">ASP.NET Core Identity.</param>
internal sealed class OfficerRegister(PromethoideContext db, UserManager<Officer> officers)
{
    public Task<List<OfficerListed>> ListAsync(CancellationToken stop)
    {
        var now = DateTimeOffset.UtcNow;
        return db.Officers
            .OrderBy(officer => officer.UserName)
            .Select(officer => new OfficerListed(
                officer.UserName!,
                officer.Role,
                officer.Locked || officer.LockoutEnd > now,
                officer.MustChangePassword,
                officer.ExternalId != null,
                db.Sessions.Where(session => session.OfficerId == officer.Id).Max(session => (DateTime?)session.LastSeenAt)))
            .ToListAsync(stop);
    }

    public async Task<RegisterOutcome> AddAsync(string actor, string name, string role, string passwordHash, CancellationToken stop)
    {
        if (await db.Officers.AnyAsync(officer => officer.NormalizedUserName == name, stop))
        {
            return RegisterOutcome.Exists;
        }

        try
        {
            await CreateAsync(new Officer { UserName = name, Role = role, PasswordHash = passwordHash, MustChangePassword = true });
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            // Somebody else added the officer a moment earlier.
            return RegisterOutcome.Exists;
        }

        await db.AuditAsync(actor, Actions.OfficerAdded, name, role, client: null, stop);
        return RegisterOutcome.Done;
    }

    public Task<RegisterOutcome> LockAsync(string actor, string name, CancellationToken stop) => ChangeAsync(
        actor, Actions.OfficerLocked, name, takesAway: true, async officer =>
        {
            officer.Locked = true;
            await EndSessionsAsync(officer, stop);
            await UpdateAsync(officer);
        },
        stop);

    public Task<RegisterOutcome> UnlockAsync(string actor, string name, CancellationToken stop) => ChangeAsync(
        actor, Actions.OfficerUnlocked, name, takesAway: false, officer =>
        {
            (officer.Locked, officer.LockoutEnd, officer.AccessFailedCount) = (false, null, 0);
            return UpdateAsync(officer);
        },
        stop);

    public async Task<RegisterOutcome> ResetAsync(string actor, string name, string passwordHash, CancellationToken stop)
    {
        if (await db.Officers.AnyAsync(officer => officer.NormalizedUserName == name && officer.ExternalId != null, stop))
        {
            return RegisterOutcome.SingleSignOn;
        }

        return await ChangeAsync(
            actor, Actions.OfficerReset, name, takesAway: false, async officer =>
            {
                (officer.PasswordHash, officer.MustChangePassword, officer.LockoutEnd, officer.AccessFailedCount) =
                    (passwordHash, true, null, 0);
                await EndSessionsAsync(officer, stop);
                await UpdateAsync(officer);
            },
            stop);
    }

    public Task<RegisterOutcome> RemoveAsync(string actor, string name, CancellationToken stop) => ChangeAsync(
        actor, Actions.OfficerRemoved, name, takesAway: true, async officer => Check(await officers.DeleteAsync(officer)), stop);

    /// <summary>Changes an officer's own password. Every other session ends.</summary>
    public async Task ChangePasswordAsync(Caller caller, string passwordHash, CancellationToken stop)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(stop);
        var officer = await db.Officers.SingleAsync(officer => officer.Id == caller.Session!.OfficerId, stop);
        (officer.PasswordHash, officer.MustChangePassword) = (passwordHash, false);
        await UpdateAsync(officer);
        await db.Sessions.Where(session => session.OfficerId == officer.Id && session.Id != caller.Session!.Id).ExecuteDeleteAsync(stop);
        await db.AuditAsync(caller.Name, Actions.PasswordChange, caller.Name, Outcomes.Done, client: null, stop);
        await transaction.CommitAsync(stop);
    }

    /// <summary>The officer authenticated by a single sign-on provider, with the role that it assigns.</summary>
    public async Task<Officer> FindOrAddAsync(ExternalOfficer external, CancellationToken stop)
    {
        if (await db.Officers.FirstOrDefaultAsync(officer => officer.ExternalId == external.Id, stop) is { } known)
        {
            if (known.Role != external.Role)
            {
                known.Role = external.Role;
                await UpdateAsync(known);
            }

            return known;
        }

        var taken = await db.Officers.AnyAsync(officer => officer.NormalizedUserName == external.Name, stop);
        var officer = new Officer { UserName = taken ? external.OtherName : external.Name, Role = external.Role, ExternalId = external.Id };
        await CreateAsync(officer);
        await db.AuditAsync(officer.UserName, Actions.OfficerAdded, officer.UserName, external.Role, client: null, stop);
        return officer;
    }

    private async Task<RegisterOutcome> ChangeAsync(
        string actor, string action, string name, bool takesAway, Func<Officer, Task> change, CancellationToken stop)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(stop);
        // Changes to supervisors wait for each other: otherwise two could remove each other.
        var supervisors = await db.Database.SqlQuery<string>(
            $"""SELECT user_name AS "Value" FROM officers WHERE role = {Roles.Supervisor} AND NOT locked FOR UPDATE""").ToListAsync(stop);
        if (await db.Officers.FirstOrDefaultAsync(officer => officer.NormalizedUserName == name, stop) is not { } officer)
        {
            return RegisterOutcome.NotFound;
        }

        if (takesAway && supervisors is [var last] && last == name)
        {
            return RegisterOutcome.LastSupervisor;
        }

        await change(officer);
        await db.AuditAsync(actor, action, name, Outcomes.Done, client: null, stop);
        await transaction.CommitAsync(stop);
        return RegisterOutcome.Done;
    }

    private Task<int> EndSessionsAsync(Officer officer, CancellationToken stop) =>
        db.Sessions.Where(session => session.OfficerId == officer.Id).ExecuteDeleteAsync(stop);

    private async Task CreateAsync(Officer officer) => Check(await officers.CreateAsync(officer));

    private async Task UpdateAsync(Officer officer) => Check(await officers.UpdateAsync(officer));

    private static void Check(IdentityResult result)
    {
        if (!result.Succeeded)
        {
            throw new InvalidOperationException(string.Join(' ', result.Errors.Select(error => error.Description)));
        }
    }
}

/// <summary>An officer as supervisors see them.</summary>
/// <param name="UserName">The user name.</param>
/// <param name="Role"><c>officer</c> or <c>supervisor</c>.</param>
/// <param name="Locked">By an administrator, or for a while after too many wrong passwords.</param>
/// <param name="MustChangePassword">Somebody else set the password.</param>
/// <param name="SingleSignOn">The officer has no password here.</param>
/// <param name="LastSeenAt">When one of the officer's sessions was last used (UTC); null when there is none.</param>
public sealed record OfficerListed(
    string UserName, string Role, bool Locked, bool MustChangePassword, bool SingleSignOn, DateTime? LastSeenAt);

/// <summary>An identity authenticated by a single sign-on provider.</summary>
/// <param name="Id"><c>issuer|subject</c>.</param>
/// <param name="Name">A valid user name.</param>
/// <param name="OtherName">The user name to use if that one is taken.</param>
/// <param name="Role">One of <see cref="Roles.All"/>.</param>
internal sealed record ExternalOfficer(string Id, string Name, string OtherName, string Role);
