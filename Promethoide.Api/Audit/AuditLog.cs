using Microsoft.EntityFrameworkCore;
using Promethoide.Api.Data;

namespace Promethoide.Api.Audit;

internal static class AuditLog
{
    /// <summary>Adds a line, in the transaction of what it is about where there is one.</summary>
    /// <param name="db">Where.</param>
    /// <param name="actor">Who: a user name, <c>key/NAME</c>, or null when nobody was signed in.</param>
    /// <param name="action">One of <see cref="Actions"/>.</param>
    /// <param name="subject">To whom or what.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="client">The client's address, where somebody signs in.</param>
    /// <param name="cancellationToken">Nobody waits for it any longer.</param>
    public static Task AuditAsync(
        this PromethoideContext db,
        string? actor,
        string action,
        string? subject,
        string outcome,
        string? client,
        CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"INSERT INTO audit (actor, action, subject, outcome, client) VALUES ({actor}, {action}, {subject}, {outcome}, {client})",
            cancellationToken);
}
