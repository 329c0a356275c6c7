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

/// <summary>The <c>Authentication</c> configuration section: the single sign-on provider, if any.</summary>
public sealed class SingleSignOnOptions
{
    internal const string Section = "Authentication";

    /// <summary>The provider's issuer, a URL; empty: no single sign-on.</summary>
    public string? Authority { get; init; }

    /// <summary>The desk's client ID at the provider.</summary>
    public string? ClientId { get; init; }

    /// <summary>The claim of the ID token that contains the roles; default <c>roles</c>.</summary>
    [Required]
    public string RoleClaim { get; init; } = "roles";

    /// <summary>The value of that claim for officers.</summary>
    [Required]
    public string OfficerRole { get; init; } = Roles.Officer;

    /// <summary>The value of that claim for supervisors.</summary>
    [Required]
    public string SupervisorRole { get; init; } = Roles.Supervisor;

    /// <summary>
    /// HTTPS is required; HTTP is allowed only on the same machine, for trials: a man in the middle could sign in as anybody.
    /// </summary>
    internal bool IsSafe =>
        Uri.TryCreate(Authority, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttps || address is { Scheme: "http", IsLoopback: true });

    internal bool IsSet => !string.IsNullOrWhiteSpace(Authority) && !string.IsNullOrWhiteSpace(ClientId);
}

/// <summary>
/// The desk signs in at the provider and exchanges its ID token here, once, for an ordinary session. The token is verified with the
/// provider's published keys: nothing that the desk says about the officer is trusted.
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
            // The scheme has already been checked.
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
