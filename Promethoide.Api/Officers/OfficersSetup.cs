using Microsoft.AspNetCore.Identity;
using Promethoide.Api.Data;
using Promethoide.Api.Metrics;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;

namespace Promethoide.Api.Officers;

internal static class OfficersSetup
{
    /// <summary>PBKDF2 with HMAC-SHA512, as recommended by OWASP's Password Storage Cheat Sheet.</summary>
    private const int Iterations = 210_000;

    public static void AddOfficers(this IHostApplicationBuilder builder)
    {
        builder.AddOfficerRegister();
        builder.AddSingleSignOn();
        builder.Services.AddSingleton<SignIn>();
        builder.Services.AddSingleton<SignInLimits>();
        builder.Services.AddSingleton<SignInMetrics>();
    }

    /// <summary>The services that manage officers, for the API, the migrations and the command line.</summary>
    public static void AddOfficerRegister(this IHostApplicationBuilder builder)
    {
        // OfficerName validates the names, and Passwords the passwords.
        builder.Services.AddIdentityCore<Officer>(options => options.User.AllowedUserNameCharacters = "")
            .AddUserStore<UserOnlyStore<Officer, PromethoideContext, int>>();
        builder.Services.AddSingleton<ILookupNormalizer, LowerCase>();
        builder.Services.Configure<PasswordHasherOptions>(options => options.IterationCount = Iterations);
        builder.Services.AddSingleton<IPasswordHasher<Officer>, PasswordHasher<Officer>>();
        builder.Services.AddSingleton<Passwords>();
        builder.Services.AddScoped<OfficerRegister>();
    }

    private sealed class LowerCase : ILookupNormalizer
    {
        public string? NormalizeName(string? name) => name is null ? null : OfficerName.Normalise(name);

        public string? NormalizeEmail(string? email) => email;
    }
}
