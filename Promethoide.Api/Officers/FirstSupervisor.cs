using Microsoft.EntityFrameworkCore;
using Promethoide.Api.Access;
using Promethoide.Api.Data;

namespace Promethoide.Api.Officers;

/// <summary>Created by the migrations, for the first sign-in and the smoke test.</summary>
internal static class FirstSupervisor
{
    private const string Actor = "migrations";
    private const string SmokeKey = "smoke";

    private static readonly string[] SmokeScopes = ["smoke"];

    // A shift: when the network is started in the morning, the link is still valid later that day.
    private static readonly TimeSpan LinkLifetime = TimeSpan.FromHours(12);

    /// <summary>
    /// Creates the first supervisor when there is no officer (<c>Supervisor:UserName</c>, <c>Supervisor:Password</c>), a link that signs
    /// the supervisor in once (<c>Supervisor:SignInToken</c>), and the smoke test's key (<c>Keys:Smoke</c>). Anything not configured is
    /// skipped, except the password, which is generated and printed.
    /// </summary>
    /// <exception cref="InvalidOperationException">A setting is invalid.</exception>
    public static async Task EnsureAsync(IServiceProvider services, IConfiguration configuration)
    {
        var db = services.GetRequiredService<PromethoideContext>();
        var name = OfficerName.Normalise(configuration["Supervisor:UserName"] is { Length: > 0 } given ? given : "supervisor");
        if (!OfficerName.IsValid(name))
        {
            throw new InvalidOperationException($"Supervisor:UserName is '{name}'. {OfficerName.Rule}");
        }

        if (!await db.Officers.AnyAsync())
        {
            await AddAsync(services, name, configuration["Supervisor:Password"]);
        }

        await db.SignInLinks.ExecuteDeleteAsync();
        if (configuration["Supervisor:SignInToken"] is { Length: > 0 } token)
        {
            var hash = Secret.Hash(token);
            await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO sign_in_links (token_hash, officer_id, expires_at)
                SELECT {hash}, id, now() + {LinkLifetime} FROM officers WHERE user_name = {name} AND role = {Roles.Supervisor}
                """);
        }

        if (configuration["Keys:Smoke"] is { Length: > 0 } key)
        {
            var hash = Secret.Hash(key);
            await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO api_keys (name, key_hash, scopes) VALUES ({SmokeKey}, {hash}, {SmokeScopes})
                ON CONFLICT (name) DO UPDATE
                    SET key_hash = excluded.key_hash, scopes = excluded.scopes, revoked_at = NULL, created_at = now()
                WHERE api_keys.key_hash <> excluded.key_hash
                """);
        }
    }

    private static async Task AddAsync(IServiceProvider services, string name, string? given)
    {
        var password = given is { Length: > 0 } ? given : Secret.NewPassword();
        if (password.Length is < Passwords.MinimumLength or > Passwords.MaximumLength)
        {
            throw new InvalidOperationException(
                $"Supervisor:Password has to have {Passwords.MinimumLength} to {Passwords.MaximumLength} characters.");
        }

        var hash = await services.GetRequiredService<Passwords>().HashAsync(password, CancellationToken.None);
        await services.GetRequiredService<OfficerRegister>().AddAsync(Actor, name, Roles.Supervisor, hash, CancellationToken.None);
        if (given is not { Length: > 0 })
        {
            Console.WriteLine(
                $"The first supervisor is {name}, with the password {password}, which has to be changed at the first sign-in.");
        }
    }
}
