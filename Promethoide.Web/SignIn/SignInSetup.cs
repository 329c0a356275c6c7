using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Promethoide.Web.RestApi;

namespace Promethoide.Web.SignIn;

internal static class SignInSetup
{
    public const string SignOutPath = "/sign-out";

    public static void AddSignIn(this WebApplicationBuilder builder)
    {
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddMemoryCache();
        builder.Services.AddSingleton<CurrentOfficer>();
        builder.Services.AddSingleton<SessionCheck>();
        builder.Services.AddAuthentication(DeskSession.Scheme)
            .AddCookie(DeskSession.Scheme, DeskSession.Configure)
            .AddSingleSignOn(builder.Configuration, builder.Environment);

        // A page that does not say who may see it is closed.
        builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
    }

    public static void UseSignIn(this WebApplication app)
    {
        app.UseMiddleware<SignInGate>();
        // Again for the page that the gate shows instead.
        app.UseRouting();
        app.UseAuthentication();
        app.Use((context, next) =>
        {
            var metadata = context.GetEndpoint()?.Metadata;
            if (metadata?.GetMetadata<ForNobodyAttribute>() is not null)
            {
                context.User = new();
            }
            else if (metadata?.GetMetadata<IAllowAnonymous>() is null && metadata?.GetMetadata<BeforePasswordChangeAttribute>() is null
                     && context.RequestServices.GetRequiredService<CurrentOfficer>().MustChangePassword)
            {
                context.Response.Redirect(SignInGate.AccountPath);
                return Task.CompletedTask;
            }

            return next(context);
        });
        app.UseAuthorization();
    }

    public static void MapSignOut(this WebApplication app) => app.MapPost(SignOutPath, SignOutAsync).AllowAnonymous();

    private static async Task<IResult> SignOutAsync(
        HttpContext context,
        IAntiforgery antiforgery,
        CurrentOfficer officer,
        RestApiClient api,
        SessionCheck sessions,
        ILogger<CurrentOfficer> logger)
    {
        if (officer.IsSignedIn)
        {
            if (!await antiforgery.IsRequestValidAsync(context))
            {
                return Results.BadRequest();
            }

            try
            {
                await api.SignOutAsync();
            }
            catch (SessionRefusedException)
            {
                // It had already ended.
            }
            catch (RestApiUnavailableException e)
            {
                logger.LogWarning("A session could not be ended at the API, and ends when it has been idle: {Reason}", e.Message);
            }

            sessions.Forget(context);
            await context.SignOutAsync(DeskSession.Scheme);
        }

        return Results.LocalRedirect($"{SignInGate.SignInPath}?notice={SignInNotice.SignedOut}");
    }
}

/// <summary>A page that treats everyone as signed out, so that its form does not depend on who signs in meanwhile.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ForNobodyAttribute : Attribute;

/// <summary>A page that is open to officers who must change their password.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class BeforePasswordChangeAttribute : Attribute;
