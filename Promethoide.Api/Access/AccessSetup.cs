using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Promethoide.Api.Problems;

namespace Promethoide.Api.Access;

internal static partial class AccessSetup
{
    public static void AddAccess(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<AccessOptions>().BindConfiguration(AccessOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<Tokens>();
        builder.Services.AddAuthentication(TokenAuthentication.Scheme)
            .AddScheme<AuthenticationSchemeOptions, TokenAuthentication>(TokenAuthentication.Scheme, configureOptions: null);
        builder.Services.AddAuthorization();
    }

    /// <summary>Call it after anything that limits callers: each unknown token costs a database look-up.</summary>
    public static void UseAccess(this WebApplication app)
    {
        app.UseAuthentication();
        app.UseAuthorization();
        if (app.Configuration.GetValue<bool>($"{AccessOptions.Section}:{nameof(AccessOptions.AllowAnonymous)}"))
        {
            LogOpen(app.Logger);
        }
    }

    /// <summary>Only callers with one of these scopes reach the endpoint.</summary>
    public static TBuilder Requires<TBuilder>(this TBuilder endpoint, Scopes any) where TBuilder : IEndpointConventionBuilder
    {
        endpoint
            .RequireAuthorization(new AuthorizationPolicyBuilder().AddRequirements(new ScopeRequirement(any)).Build())
            .WithMetadata(AsksWhoCalls.Instance, ProblemMetadata.Of<SignInRequired>(), ProblemMetadata.Of<NotAllowed>());
        // Officers can manage their own session and password before they have changed the password.
        return any.HasFlag(Scopes.Session) ? endpoint : endpoint.WithMetadata(ProblemMetadata.Of<PasswordChangeRequired>());
    }

    [LoggerMessage(
        LogLevel.Warning,
        "Api:AllowAnonymous is true: whoever reaches this API may look up wanted persons and decide without signing in")]
    private static partial void LogOpen(ILogger logger);

    private sealed class ScopeRequirement(Scopes any) : AuthorizationHandler<ScopeRequirement>, IAuthorizationRequirement
    {
        protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ScopeRequirement requirement)
        {
            if (context.User is Caller caller && caller.May(any))
            {
                context.Succeed(requirement);
            }

            return Task.CompletedTask;
        }
    }
}

/// <summary>
/// Marks an endpoint that requires authorization. Other endpoints look no token up, so they answer while the database is unavailable.
/// </summary>
internal sealed class AsksWhoCalls
{
    public static readonly AsksWhoCalls Instance = new();
}
