using Microsoft.EntityFrameworkCore;
using Promethoide.Api.Data;

namespace Promethoide.Api.Audit;

internal static class AuditLog
{
    /// <summary>Adds a line, in the current transaction if there is one.</summary>
    /// <param name="db">The database context.</param>
    /// <param name="actor">A user name, <c>key/NAME</c>, or null when nobody was signed in.</param>
    /// <param name="action">One of <see cref="Actions"/>.</param>
    /// <param name="subject">The person or object concerned.</param>
    /// <param name="outcome">The outcome.</param>
    /// <param name="client">The client's address, for sign-ins.</param>
    /// <param name="cancellationToken">Cancelled when the caller gives up.</param>
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
