using System.Net;
using System.Net.Http.Headers;

namespace Promethoide.Web.RestApi;

/// <content>Sign-in, sessions and the officer's own password.</content>
public sealed partial class RestApiClient
{
    // Leaves enough time for the page's own calls.
    private static readonly TimeSpan SessionCheckTime = TimeSpan.FromSeconds(1);

    public Task<Answer<Session>> SignInAsync(string userName, string password) =>
        SignInAsync("sessions", new Credentials(userName, password));

    public Task<Answer<Session>> SignInByLinkAsync(string token) => SignInAsync("sessions/link", new SignInLink(token));

    /// <summary>Signs in a user for whom an identity provider vouches.</summary>
    public Task<Answer<Session>> SignInByIdTokenAsync(string idToken) => SignInAsync("sessions/single-sign-on", null, idToken);

    /// <summary>The session's current state, or null when it has ended.</summary>
    public Task<SessionState?> FindSessionAsync(string token) => CallAsync(
        async cancellation =>
        {
            var request = Request(HttpMethod.Get, "sessions/current");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            try
            {
                using var response = await SendAsync(request, cancellation);
                return response.StatusCode == HttpStatusCode.OK
                    ? await ReadAsync<SessionState>(response, cancellation)
                    : throw Unusable(response);
            }
            catch (SessionRefusedException e) when (e.Code == ProblemCodes.SignInRequired)
            {
                return null;
            }
        },
        SessionCheckTime);

    public Task SignOutAsync() => AskAsync(Request(HttpMethod.Delete, "sessions/current"), Done);

    public Task SignOutEverywhereAsync() => AskAsync(Request(HttpMethod.Delete, "sessions"), Done);

    public Task<Answer<bool>> ChangePasswordAsync(string current, string next) =>
        AskAsync(Request(HttpMethod.Put, "sessions/current/password", new PasswordChange(current, next)), Done);

    // The API counts attempts per client address, which is not this program's.
    private Task<Answer<Session>> SignInAsync(string path, object? body, string? idToken = null)
    {
        var request = Request(HttpMethod.Post, path, body);
        request.Headers.Authorization = idToken is null ? null : new AuthenticationHeaderValue("Bearer", idToken);
        if (officer.Address is { } address)
        {
            request.Headers.Add("X-Forwarded-For", address.ToString());
        }

        return AskAsync(request, ReadAsync<Session>);
    }
}
