using Promethoide.Api.Access;
using Promethoide.Api.Data;

namespace Promethoide.Api.Officers;

/// <summary>How long officers stay signed in, by the database's clock: replicas' clocks need not agree.</summary>
internal static class Sessions
{
    /// <summary>A session expires this long after its last use (OWASP ASVS 3.3.2, level 2).</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromMinutes(30);

    /// <summary>No session lasts longer than a shift.</summary>
    public static readonly TimeSpan Shift = TimeSpan.FromHours(12);

    /// <summary>The condition for a row of <c>sessions</c> to be active.</summary>
    public static string IsAlive(string session) =>
        $"{session}.last_seen_at > now() - interval '{Idle.TotalMinutes} minutes' "
        + $"AND {session}.created_at > now() - interval '{Shift.TotalHours} hours'";

    /// <summary>Signs an officer in.</summary>
    public static async Task<SessionOpened> OpenAsync(
        PromethoideContext db, Officer officer, bool byLink, CancellationToken cancellationToken)
    {
        var token = Secret.NewToken(Secret.SessionPrefix);
        var opened = await db.FirstRowAsync(
            "INSERT INTO sessions (officer_id, token_hash, by_link) VALUES ($1, $2, $3) RETURNING created_at",
            row => new SessionOpened(
                token,
                officer.UserName!,
                officer.Role,
                officer.MustChangePassword && !byLink,
                officer.PasswordHash is not null,
                row.GetDateTime(0) + Shift),
            cancellationToken,
            Sql.Value(officer.Id),
            Sql.Value(Secret.Hash(token)),
            Sql.Value(byLink));
        return opened!;
    }
}

/// <summary>An officer's session.</summary>
/// <param name="UserName">The signed-in officer.</param>
/// <param name="Role"><c>officer</c> or <c>supervisor</c>.</param>
/// <param name="MustChangePassword">The officer has to change the password before anything else.</param>
/// <param name="HasPassword">False for officers with single sign-on.</param>
/// <param name="EndsAt">When the session expires at the latest (UTC): the end of the shift. It expires after half an hour without
/// use.</param>
public record SessionState(string UserName, string Role, bool MustChangePassword, bool HasPassword, DateTime EndsAt);

/// <summary>A new session; see <see cref="SessionState"/>.</summary>
/// <param name="Token">The token for this session's requests, in the header <c>Authorization: Bearer …</c>.</param>
/// <param name="UserName">The signed-in officer.</param>
/// <param name="Role"><c>officer</c> or <c>supervisor</c>.</param>
/// <param name="MustChangePassword">The officer has to change the password before anything else.</param>
/// <param name="HasPassword">False for officers with single sign-on.</param>
/// <param name="EndsAt">When the session expires at the latest (UTC).</param>
public sealed record SessionOpened(string Token, string UserName, string Role, bool MustChangePassword, bool HasPassword, DateTime EndsAt)
    : SessionState(UserName, Role, MustChangePassword, HasPassword, EndsAt);
