using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenIddict.Abstractions;
using Promethoide.Tests.Fixtures;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Promethoide.Tests.Web;

/// <summary>A real OpenID provider where a user is already signed in: it knows one client and requires PKCE.</summary>
public sealed class OpenIdProvider : IAsyncDisposable
{
    public const string Client = "promethoide";
    public const string Secret = "the desk's secret";

    private WebApplication _app = null!;

    public string Address { get; private set; } = "";

    /// <summary>The signed-in user.</summary>
    public string Subject { get; set; } = "lucia";

    /// <summary>The user's roles, as the provider states them.</summary>
    public ImmutableArray<string> Roles { get; set; } = ["officer"];

    /// <summary>Whether the user declines to sign in at the desk.</summary>
    public bool Refuses { get; set; }

    /// <summary>The queries of sign-in requests.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    public static async Task<OpenIdProvider> StartAsync()
    {
        var provider = new OpenIdProvider { Address = $"http://127.0.0.1:{Loopback.FreePort()}" };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(provider.Address);
        builder.Services.AddOpenIddict().AddServer(options =>
        {
            options.SetAuthorizationEndpointUris("connect/authorize").SetTokenEndpointUris("connect/token");
            options.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
            options.RegisterScopes(Scopes.Profile);
            options.AddEphemeralEncryptionKey().AddEphemeralSigningKey();
            // No client database: the handlers below know the only client.
            options.EnableDegradedMode();
            options.UseAspNetCore().DisableTransportSecurityRequirement();
            options.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.ClientId != Client
                    || context.RedirectUri is null
                    || new Uri(context.RedirectUri).AbsolutePath != "/sign-in/callback")
                {
                    context.Reject(Errors.InvalidClient);
                }

                return default;
            }));
            options.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.ClientId != Client || context.ClientSecret != Secret)
                {
                    context.Reject(Errors.InvalidClient);
                }

                return default;
            }));
            options.AddEventHandler<HandleAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                provider.SignIn(context);
                return default;
            }));
        });
        provider._app = builder.Build();
        provider._app.Use((context, next) =>
        {
            if (context.Request.Path == "/connect/authorize")
            {
                provider.Asked.Enqueue(context.Request.QueryString.Value!);
            }

            return next(context);
        });
        provider._app.UseAuthentication();
        await provider._app.StartAsync();
        return provider;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private void SignIn(HandleAuthorizationRequestContext context)
    {
        if (Refuses)
        {
            context.Reject(Errors.AccessDenied);
            return;
        }

        var identity = new ClaimsIdentity("provider");
        identity.SetClaim(Claims.Subject, Subject);
        identity.SetClaims("roles", Roles);
        identity.SetDestinations(_ => [Destinations.IdentityToken]);
        var principal = new ClaimsPrincipal(identity);
        principal.SetScopes(context.Request.GetScopes());
        context.SignIn(principal);
    }
}
