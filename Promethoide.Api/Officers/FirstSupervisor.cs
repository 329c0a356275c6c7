using Microsoft.EntityFrameworkCore;
using Promethoide.Api.Access;
using Promethoide.Api.Data;

namespace Promethoide.Api.Officers;

/// <summary>What the migrations leave behind so that somebody can get in, and the smoke test can be made.</summary>
internal static class FirstSupervisor
{
    private const string Actor = "migrations";
    private const string SmokeKey = "smoke";

    private static readonly string[] SmokeScopes = ["smoke"];

    // A shift: whoever starts the network in the morning finds the link still good.
    private static readonly TimeSpan LinkLifetime = TimeSpan.FromHours(12);

    /// <summary>
    /// Makes the first supervisor when there is no officer (<c>Supervisor:UserName</c>, <c>Supervisor:Password</c>), a link that signs the
    /// supervisor in once (<c>Supervisor:SignInToken</c>), and the key of the smoke test (<c>Keys:Smoke</c>). What is not given is not
    /// made, but for the password, which is generated and printed.
    /// </summary>
    /// <exception cref="InvalidOperationException">A setting cannot be used.</exception>
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
