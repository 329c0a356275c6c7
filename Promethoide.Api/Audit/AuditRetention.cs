using Microsoft.EntityFrameworkCore;
using Promethoide.Api.Data;

namespace Promethoide.Api.Audit;

/// <summary>
/// The <c>Audit:RetentionDays</c> setting belongs to the database owner: the migrations store it in a table that the API's role cannot
/// change.
/// </summary>
internal static class AuditRetention
{
    private const string Setting = "Audit:RetentionDays";
    private const int Default = 365;

    // With less than a month, evidence would be gone before anybody looks for it.
    private const int Shortest = 30;
    private const int Longest = 3650;

    /// <exception cref="InvalidOperationException">The setting is not a number of days in the valid range.</exception>
    public static async Task SetAsync(PromethoideContext db, IConfiguration configuration)
    {
        var text = configuration[Setting];
        var days = string.IsNullOrWhiteSpace(text) ? Default : int.TryParse(text, out var number) ? number : 0;
        if (days is < Shortest or > Longest)
        {
            throw new InvalidOperationException($"{Setting} is '{text}'; it has to be a number of days from {Shortest} to {Longest}.");
        }

        await db.Database.ExecuteSqlAsync($"UPDATE audit_retention SET days = {days}");
        await db.Database.ExecuteSqlRawAsync("SELECT prune_audit()");
    }
}
