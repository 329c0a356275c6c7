using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Promethoide.Web.RestApi;

namespace Promethoide.Web.SignIn;

/// <summary>
/// Sign-in at an OpenID provider (authorization code, PKCE), when <c>Authentication:Authority</c> and <c>Authentication:ClientId</c> are
/// set. The API checks the provider's ID token and returns a session; from then on everything is as with a password.
/// </summary>
internal static class SingleSignOn
{
    public const string Scheme = "single-sign-on";
    public const string Path = "/sign-in/single-sign-on";
    public const string CallbackPath = "/sign-in/callback";

    private const string Section = "Authentication";

    public static bool IsConfigured(IConfiguration configuration) =>
        configuration[$"{Section}:Authority"] is { Length: > 0 } && configuration[$"{Section}:ClientId"] is { Length: > 0 };

    /// <summary>The provider's name at the desk; null if none is configured.</summary>
    public static string? Name(IConfiguration configuration) =>
        configuration[$"{Section}:DisplayName"] is { Length: > 0 } name ? name : null;

    public static void AddSingleSignOn(
        this AuthenticationBuilder authentication, IConfiguration configuration, IHostEnvironment environment)
    {
        if (!IsConfigured(configuration))
        {
            return;
        }

        // An attacker between the desk and the provider could sign in as anyone. On this machine nobody is in between.
        var secure = Uri.TryCreate(configuration[$"{Section}:Authority"], UriKind.Absolute, out var authority)
            && authority.Scheme == Uri.UriSchemeHttps;
        if (authority is null || (!secure && !authority.IsLoopback && !environment.IsDevelopment()))
        {
            throw new InvalidOperationException(
                $"{Section}:Authority is '{authority}'; it has to be an address that begins with https://.");
        }

        authentication.AddOpenIdConnect(Scheme, options =>
        {
            options.Authority = configuration[$"{Section}:Authority"];
            options.ClientId = configuration[$"{Section}:ClientId"];
            options.ClientSecret = configuration[$"{Section}:ClientSecret"];
            options.RequireHttpsMetadata = secure;
            options.ResponseType = OpenIdConnectResponseType.Code;
            // The response arrives as a link, with which the browser sends Lax cookies; with a form it would not.
            options.ResponseMode = OpenIdConnectResponseMode.Query;
            options.CallbackPath = CallbackPath;
            // The desk signs officers out only of itself; through these paths, anyone's link could.
            options.RemoteSignOutPath = default;
            options.SignedOutCallbackPath = default;
            options.MapInboundClaims = false;
            options.SaveTokens = false;
            options.DisableTelemetry = true;
            options.BackchannelTimeout = TimeSpan.FromSeconds(10);
            foreach (var cookie in (CookieBuilder[])[options.CorrelationCookie, options.NonceCookie])
            {
                cookie.SameSite = SameSiteMode.Lax;
                cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            }

            options.Events.OnTokenValidated = StartSessionAsync;
            options.Events.OnRemoteFailure = context => LeadBack(context.HttpContext, context.HandleResponse, SignInNotice.ProviderFailed);
        });
    }

    public static void MapSingleSignOn(this WebApplication app)
    {
        if (IsConfigured(app.Configuration))
        {
            // A link, not a form: browsers would apply form-action to the provider's pages too.
            app.MapGet(Path, async (HttpContext context, string? returnUrl) =>
            {
                try
                {
                    await context.ChallengeAsync(Scheme, new AuthenticationProperties { RedirectUri = ReturnPath.Of(returnUrl) });
                }
                catch (InvalidOperationException) when (!context.Response.HasStarted)
                {
                    // The provider's metadata cannot be read.
                    await LeadBack(context, () => { }, SignInNotice.ProviderFailed);
                }
            }).AllowAnonymous();
        }
    }

    private static async Task StartSessionAsync(TokenValidatedContext context)
    {
        var notice = SignInNotice.Unavailable;
        try
        {
            var api = context.HttpContext.RequestServices.GetRequiredService<RestApiClient>();
            var answer = await api.SignInByIdTokenAsync(context.TokenEndpointResponse!.IdToken);
            if (answer.Value is { } session)
            {
                context.Principal = CurrentOfficer.Principal(session.Token, session.State);
                context.Properties = DeskSession.Until(session.EndsAt, context.Properties?.RedirectUri);
                return;
            }

            notice = answer.Problem switch
            {
                ProblemCodes.NoRole => SignInNotice.NoRole,
                ProblemCodes.TooManyRequests => SignInNotice.TooMany,
                _ => SignInNotice.ProviderFailed,
            };
        }
        catch (RestApiUnavailableException)
        {
            // The page says so.
        }

        await LeadBack(context.HttpContext, context.HandleResponse, notice);
    }

    private static Task LeadBack(HttpContext context, Action handled, SignInNotice notice)
    {
        context.Response.Redirect($"{SignInGate.SignInPath}?notice={notice}");
        handled();
        return Task.CompletedTask;
    }
}
