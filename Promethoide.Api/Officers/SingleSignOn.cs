using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Promethoide.Api.Access;
using Promethoide.Api.Metrics;
using Promethoide.Api.Problems;

namespace Promethoide.Api.Officers;

/// <summary>The section <c>Authentication</c> of the configuration: the provider of single sign-on, where there is one.</summary>
public sealed class SingleSignOnOptions
{
    internal const string Section = "Authentication";

    /// <summary>The provider's issuer, an address; empty: there is none.</summary>
    public string? Authority { get; init; }

    /// <summary>What the desk is for the provider.</summary>
    public string? ClientId { get; init; }

    /// <summary>The claim of the ID token that has the roles; default <c>roles</c>.</summary>
    [Required]
    public string RoleClaim { get; init; } = "roles";

    /// <summary>The value of that claim that makes somebody an officer.</summary>
    [Required]
    public string OfficerRole { get; init; } = Roles.Officer;

    /// <summary>The value of that claim that makes somebody a supervisor.</summary>
    [Required]
    public string SupervisorRole { get; init; } = Roles.Supervisor;

    /// <summary>Over HTTPS; over HTTP only at this very machine, to try it: whoever is in between could sign in as anybody.</summary>
    internal bool IsSafe =>
        Uri.TryCreate(Authority, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttps || address is { Scheme: "http", IsLoopback: true });

    internal bool IsSet => !string.IsNullOrWhiteSpace(Authority) && !string.IsNullOrWhiteSpace(ClientId);
}

/// <summary>
/// The desk signs in at the provider and shows its ID token here, once, for a session like any other. The token is examined by what the
/// provider publishes: nothing that the desk says about the officer is believed.
/// </summary>
internal static class SingleSignOn
{
    private const string Scheme = "single-sign-on";

    public static void AddSingleSignOn(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<SingleSignOnOptions>().BindConfiguration(SingleSignOnOptions.Section).ValidateDataAnnotations()
            .Validate(
                provider => !provider.IsSet || provider.IsSafe,
                $"{SingleSignOnOptions.Section}:Authority has to be an address that begins with https://.")
            .ValidateOnStart();
        if (Read(builder.Configuration) is not { IsSet: true } provider)
        {
            return;
        }

        builder.Services.AddAuthentication().AddJwtBearer(Scheme, options =>
        {
            options.Authority = provider.Authority;
            options.Audience = provider.ClientId;
            // Whether it may be plain HTTP has been looked at.
            options.RequireHttpsMetadata = false;
            options.MapInboundClaims = false;
            options.TokenValidationParameters.ClockSkew = TimeSpan.FromMinutes(1);
            options.Events = new JwtBearerEvents
            {
                OnChallenge = challenge =>
                {
                    challenge.HandleResponse();
                    return ProblemSetup.Of<SignInFailed>("The token of the provider of single sign-on is not good.")
                        .WriteAsync(challenge.HttpContext);
                },
            };
        });
    }

    public static void MapSingleSignOn(this WebApplication app)
    {
        if (Read(app.Configuration) is { IsSet: true })
        {
            app.MapDatabaseGroup("/sessions").WithTags("Officers").MapPost("/single-sign-on", SignInAsync)
                .RequireAuthorization(new AuthorizationPolicyBuilder(Scheme).RequireAuthenticatedUser().Build())
                .WithName("sign_in_by_single_sign_on")
                .WithSummary("Signs an officer in whom the provider of single sign-on vouches for")
                .WithDescription("The provider's ID token is in the header `Authorization: Bearer …`.");
        }
    }

    private static async Task<Results<
        Created<SessionOpened>,
        Problem<SignInFailed>,
        Problem<NoRole>,
        Problem<TooManyRequests>>> SignInAsync(
        HttpContext http, SignIn signIn, SignInLimits limits, IOptions<SingleSignOnOptions> options, CancellationToken cancellationToken)
    {
        if (limits.Refuses(http, name: null) is { } tooMany)
        {
            return tooMany;
        }

        if (OfficerOf(http.User, options.Value) is not { } officer)
        {
            return new Problem<NoRole>("The provider of single sign-on gives you no role at the desk.");
        }

        return await signIn.BySingleSignOnAsync(officer, http.Connection.RemoteIpAddress, cancellationToken) is { } session
            ? SessionsApi.Opened(session)
            : new Problem<SignInFailed>("You cannot sign in.");
    }

    private static ExternalOfficer? OfficerOf(ClaimsPrincipal user, SingleSignOnOptions options)
    {
        var roles = user.FindAll(options.RoleClaim).Select(claim => claim.Value).ToList();
        var role = roles.Contains(options.SupervisorRole) ? Roles.Supervisor : roles.Contains(options.OfficerRole) ? Roles.Officer : null;
        if (role is null
            || user.FindFirstValue("sub") is not { Length: > 0 } subject
            || user.FindFirstValue("iss") is not { Length: > 0 } issuer)
        {
            return null;
        }

        // Never the name alone: at another provider, or later at this one, somebody else may have it.
        var id = $"{issuer}|{subject}";
        var unique = $"sso-{Convert.ToHexStringLower(Secret.Hash(id))[..12]}";
        var name = OfficerName.Normalise(user.FindFirstValue("preferred_username") ?? user.FindFirstValue("email") ?? "");
        return new ExternalOfficer(id, OfficerName.IsValid(name) ? name : unique, unique, role);
    }

    private static SingleSignOnOptions? Read(IConfiguration configuration) =>
        configuration.GetSection(SingleSignOnOptions.Section).Get<SingleSignOnOptions>();
}
