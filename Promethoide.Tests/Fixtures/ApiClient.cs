using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Promethoide.Tests.Fixtures;

/// <summary>A server's response.</summary>
public sealed record Answer(
    HttpStatusCode Status, string? ContentType, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders, string Text)
{
    /// <summary>The body as JSON.</summary>
    public JsonElement Json => JsonElement.Parse(Text);

    /// <summary>Asserts that the body is exactly this JSON, ignoring whitespace.</summary>
    public void HasJson(string expected) => Assert.True(
        JsonElement.DeepEquals(JsonElement.Parse(expected), Json), $"Expected {expected}{Environment.NewLine}Actual   {Text}");

    /// <summary>Asserts that it is a complete problem of this kind that exposes nothing internal; returns it.</summary>
    public JsonElement IsProblem(HttpStatusCode status, string code)
    {
        Assert.Equal(status, Status);
        Assert.Equal("application/problem+json", ContentType);
        Assert.Equal(code, Json.GetProperty("code").GetString());
        Assert.Equal((int)status, Json.GetProperty("status").GetInt32());
        Assert.False(string.IsNullOrWhiteSpace(Json.GetProperty("detail").GetString()));
        Assert.DoesNotContain("Exception", Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Promethoide.", Text, StringComparison.Ordinal);
        return Json;
    }

    /// <summary>Asserts that it is <c>invalid-request</c> and names exactly these fields, with one message each.</summary>
    public void NamesFields(params string[] fields)
    {
        var errors = IsProblem(HttpStatusCode.BadRequest, "invalid-request").GetProperty("errors").EnumerateObject().ToList();
        Assert.Equal(fields.Order(), errors.Select(error => error.Name).Order());
        Assert.All(errors, error => Assert.Equal(1, error.Value.GetArrayLength()));
    }
}

/// <summary>Sends requests to a server; follows no redirects and keeps no cookies.</summary>
/// <param name="address">The server's address.</param>
/// <param name="token">The default <c>Authorization</c> header; null for none.</param>
public sealed class ApiClient(Uri address, string? token = null) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        BaseAddress = address,
    };

    /// <summary>The server's address.</summary>
    public Uri Address => _http.BaseAddress!;

    /// <summary>A client of the same server with another token.</summary>
    public ApiClient As(string? other) => new(Address, other);

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, path, content: null, headers);

    public Task<Answer> PostAsync(string path, object body, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, JsonContent.Create(body), headers);

    public Task<Answer> PostTextAsync(string path, string body, string contentType) =>
        SendAsync(HttpMethod.Post, path, new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse(contentType)));

    public Task<Answer> PutAsync(string path, object body) => SendAsync(HttpMethod.Put, path, JsonContent.Create(body));

    public Task<Answer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, content: null);

    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        if (token is not null && !headers.Any(header => header.Name == "Authorization"))
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new Answer(
            response.StatusCode, response.Content.Headers.ContentType?.MediaType, response.Headers, response.Content.Headers, text);
    }

    public void Dispose() => _http.Dispose();
}
