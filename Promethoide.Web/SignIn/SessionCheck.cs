using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Caching.Memory;
using Promethoide.Web.RestApi;

namespace Promethoide.Web.SignIn;

/// <summary>
/// Asks the API for a session's state, at most once every 20 seconds. While the API is unavailable the officer stays signed in: the API
/// refuses every request of an ended session anyway, and pages say that it is unavailable.
/// </summary>
internal sealed class SessionCheck(IMemoryCache cache)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();

    public async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var (state, ended) = CurrentOfficer.TokenOf(context.Principal!) is { } token
            ? await StateAsync(token, context)
            : (null, true);
        if (ended)
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(DeskSession.Scheme);
        }
        else if (state is not null)
        {
            // The API's current state takes precedence over the cookie's, which is from the sign-in.
            context.ReplacePrincipal(CurrentOfficer.Principal(CurrentOfficer.TokenOf(context.Principal!)!, state));
        }
    }

    /// <summary>Checks again at the next request: a call of the session was refused.</summary>
    public void Forget(HttpContext context)
    {
        if (context.Features.Get<CheckedSession>() is { } session)
        {
            cache.Remove(session.Key);
        }
    }

    private Task<(SessionState? State, bool Ended)> StateAsync(string token, CookieValidatePrincipalContext context)
    {
        // With the cookie's state of the password: once it has been changed, another replica must not use an earlier answer.
        var changes = CurrentOfficer.MustChange(context.Principal!);
        var key = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes($"{token} {changes}")));
        context.HttpContext.Features.Set(new CheckedSession(key));
        lock (_gate)
        {
            return cache.GetOrCreate(key, entry =>
            {
                entry.AbsoluteExpirationRelativeToNow = Fresh;
                return AskAsync(context.HttpContext.RequestServices.GetRequiredService<RestApiClient>(), token);
            })!;
        }
    }

    private static async Task<(SessionState? State, bool Ended)> AskAsync(RestApiClient api, string token)
    {
        try
        {
            var state = await api.FindSessionAsync(token);
            return (state, state is null);
        }
        catch (RestApiUnavailableException)
        {
            return (null, false);
        }
    }

    private sealed record CheckedSession(string Key);
}
