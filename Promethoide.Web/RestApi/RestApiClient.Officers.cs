using System.Net;

namespace Promethoide.Web.RestApi;

/// <content>Supervisors' operations on officers.</content>
public sealed partial class RestApiClient
{
    public Task<IReadOnlyList<Officer>> ListOfficersAsync() => CallAsync(async cancellation =>
    {
        using var response = await GetAsync("officers", cancellation);
        return response.StatusCode == HttpStatusCode.OK
            ? (await ReadAsync<OfficersAnswer>(response, cancellation)).Items
            : throw Unusable(response);
    });

    public Task<Answer<IssuedPassword>> AddOfficerAsync(string userName, string role) =>
        AskAsync(Request(HttpMethod.Post, "officers", new NewOfficer(userName, role)), ReadAsync<IssuedPassword>);

    public Task<Answer<IssuedPassword>> ResetOfficerAsync(string userName) =>
        AskAsync(Request(HttpMethod.Post, $"{PathOf(userName)}/reset"), ReadAsync<IssuedPassword>);

    public Task<Answer<bool>> LockOfficerAsync(string userName) => AskAsync(Request(HttpMethod.Post, $"{PathOf(userName)}/lock"), Done);

    public Task<Answer<bool>> UnlockOfficerAsync(string userName) => AskAsync(Request(HttpMethod.Post, $"{PathOf(userName)}/unlock"), Done);

    public Task<Answer<bool>> RemoveOfficerAsync(string userName) => AskAsync(Request(HttpMethod.Delete, PathOf(userName)), Done);

    private static string PathOf(string userName) => $"officers/{Uri.EscapeDataString(userName)}";
}
