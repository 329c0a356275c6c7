using System.CommandLine;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Promethoide.Api.Audit;
using Promethoide.Api.Data;
using Promethoide.Api.Officers;

namespace Promethoide.Api.Access;

/// <summary><c>Promethoide.Api keys …</c>: manages the keys that services use instead of signing in.</summary>
internal static class KeysCommand
{
    public static Command Build()
    {
        var name = new Argument<string>("NAME") { Description = "Whose key it is." };
        var scope = new Option<string[]>("--scope")
        {
            Description = $"What it is good for: {string.Join(", ", ScopeNames.OfKeys.Keys)}. More than one may be given.",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        scope.AcceptOnlyFromAmong([.. ScopeNames.OfKeys.Keys]);
        var days = new Option<int?>("--days") { Description = "For so many days; default: until it is revoked." };
        days.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1 or > 3650)
            {
                result.AddError("--days has to be from 1 to 3650.");
            }
        });

        var add = new Command("add", "Makes a key, and prints it, once.") { name, scope, days };
        add.SetAction((parsed, _) => AdministrationHost.RunAsync((services, stop) =>
            AddAsync(
                services.GetRequiredService<PromethoideContext>(),
                parsed.GetValue(name)!,
                parsed.GetValue(scope)!,
                parsed.GetValue(days),
                stop)));

        var list = new Command("list", "Lists the keys; never the keys themselves, which nobody knows any more.");
        list.SetAction((_, _) =>
            AdministrationHost.RunAsync((services, stop) => ListAsync(services.GetRequiredService<PromethoideContext>(), stop)));

        var revoke = new Command("revoke", "Ends a key. Replicas notice within half a minute.") { name };
        revoke.SetAction((parsed, _) => AdministrationHost.RunAsync((services, stop) =>
            RevokeAsync(services.GetRequiredService<PromethoideContext>(), parsed.GetValue(name)!, stop)));

        return new Command("keys", "Manages the keys of services.") { add, list, revoke };
    }

    private static async Task<(bool, string)> AddAsync(
        PromethoideContext db, string typed, string[] scopes, int? days, CancellationToken stop)
    {
        var name = OfficerName.Normalise(typed);
        if (!OfficerName.IsValid(name))
        {
            return (false, OfficerName.Rule);
        }

        if (await db.ApiKeys.AnyAsync(key => key.Name == name, stop))
        {
            return (false, $"There is, or was, a key {name}: take another name. What it did stays under its name.");
        }

        var key = Secret.NewToken(Secret.KeyPrefix);
        var (hash, expires) = (Secret.Hash(key), days is { } number ? (DateTime?)DateTime.UtcNow.AddDays(number) : null);
        var distinct = scopes.Distinct().ToArray();
        await db.Database.ExecuteSqlAsync(
            $"INSERT INTO api_keys (name, key_hash, scopes, expires_at) VALUES ({name}, {hash}, {distinct}, {expires})", stop);
        await db.AuditAsync(AdministrationHost.Actor, Actions.KeyAdded, name, string.Join(' ', distinct), client: null, stop);
        return (
            true,
            $"{key}{Environment.NewLine}This is the key of {name}, for the header \"Authorization: Bearer …\". It is not shown again.");
    }

    private static async Task<(bool, string)> ListAsync(PromethoideContext db, CancellationToken stop)
    {
        var keys = await db.ApiKeys.OrderBy(key => key.Name).ToListAsync(stop);
        return (true, keys.Count == 0 ? "There is no key." : string.Join(Environment.NewLine, keys.Select(key => string.Create(
            CultureInfo.InvariantCulture, $"{key.Name,-24} {string.Join(' ', key.Scopes),-32} {State(key)}").TrimEnd())));
    }

    private static string State(ApiKey key) => key switch
    {
        { RevokedAt: { } revoked } => string.Create(CultureInfo.InvariantCulture, $"revoked {revoked:yyyy-MM-dd HH:mm}Z"),
        { ExpiresAt: { } expires } =>
            string.Create(CultureInfo.InvariantCulture, $"{(expires < DateTime.UtcNow ? "expired" : "until")} {expires:yyyy-MM-dd HH:mm}Z"),
        _ => "",
    };

    private static async Task<(bool, string)> RevokeAsync(PromethoideContext db, string typed, CancellationToken stop)
    {
        var name = OfficerName.Normalise(typed);
        var revoked = await db.ApiKeys.Where(key => key.Name == name && key.RevokedAt == null)
            .ExecuteUpdateAsync(change => change.SetProperty(key => key.RevokedAt, DateTime.UtcNow), stop);
        if (revoked == 0)
        {
            return (false, $"There is no key {name} that could be revoked. See: keys list");
        }

        await db.AuditAsync(AdministrationHost.Actor, Actions.KeyRevoked, name, Outcomes.Done, client: null, stop);
        return (true, $"{name}: revoked.");
    }
}
