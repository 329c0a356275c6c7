using Microsoft.EntityFrameworkCore;
using Promethoide.Api.Data;

namespace Promethoide.Api.Audit;

/// <summary>
/// The setting <c>Audit:RetentionDays</c>, which is the owner's: the migrations put it where the API's role can read what follows from it,
/// and no more.
/// </summary>
internal static class AuditRetention
{
    private const string Setting = "Audit:RetentionDays";
    private const int Default = 365;

    // Below a month nobody would notice in time what the log is there to show.
    private const int Shortest = 30;
    private const int Longest = 3650;

    /// <exception cref="InvalidOperationException">The setting is no number of days that can be meant.</exception>
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
