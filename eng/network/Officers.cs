using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Promethoide.Network;

/// <summary>A user who works at the desk of a running network.</summary>
/// <param name="UserName">The user name.</param>
/// <param name="Password">The password, which no longer has to be changed.</param>
/// <param name="Token">The token of a session at the API.</param>
public sealed record SignedIn(string UserName, string Password, string Token);

/// <summary>
/// Officers of a running network, one of each role: the API creates them on demand, with the first supervisor's rights. The network limits
/// sign-in attempts per minute, so each signs in once, and everything that acts as that officer shares the session.
/// </summary>
/// <param name="restApi">The API's address.</param>
/// <param name="desk">The desk's address.</param>
/// <param name="signInFirst">Signs the first supervisor in at the API, for a token.</param>
public sealed partial class Officers(Func<string> restApi, Func<string> desk, Func<Task<string>> signInFirst)
{
    /// <summary>The role that decides on travellers.</summary>
    public const string Ordinary = "officer";

    /// <summary>The role that sees everything.</summary>
    public const string Supervisor = "supervisor";

    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(30) };

    private readonly ConcurrentDictionary<string, Lazy<Task<SignedIn>>> _officers = [];
    private readonly ConcurrentDictionary<string, Lazy<Task<CookieContainer>>> _cookies = [];
    private readonly Lazy<Task<string>> _first = new(signInFirst);

    /// <summary>The first supervisor's token for the API.</summary>
    public Task<string> FirstSupervisorsTokenAsync() => _first.Value;

    /// <summary>Signs a user in with a one-time link, which is then used up.</summary>
    /// <returns>The token for the API.</returns>
    public static async Task<string> SignInByLinkAsync(string restApi, string link) =>
        (await AskAsync(HttpMethod.Post, $"{restApi}/sessions/link", new { token = link })).GetProperty("token").GetString()!;

    /// <summary>Signs in a user who has a generated password, and changes it.</summary>
    public static async Task<SignedIn> SignInAsync(string restApi, string userName, string generated)
    {
        var chosen = RandomNumberGenerator.GetHexString(24, lowercase: true);
        var token = (await AskAsync(HttpMethod.Post, $"{restApi}/sessions", new { user_name = userName, password = generated }))
            .GetProperty("token")
            .GetString()!;
        await AskAsync(
            HttpMethod.Put, $"{restApi}/sessions/current/password", new { current_password = generated, new_password = chosen }, token);
        return new(userName, chosen, token);
    }

    /// <summary>The officer of a role.</summary>
    public Task<SignedIn> OfAsync(string role) =>
        _officers.GetOrAdd(role, _ => new(() => AddAsync(role, $"{role}.{RandomNumberGenerator.GetHexString(6, lowercase: true)}"))).Value;

    /// <summary>The cookies of a browser in which the officer of a role has signed in at the desk.</summary>
    public Task<CookieContainer> CookiesAsync(string role) => _cookies.GetOrAdd(role, _ => new(async () =>
    {
        var officer = await OfAsync(role);
        var cookies = new CookieContainer();
        using var browser = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies }) { BaseAddress = new(desk()) };
        await SignInAsync(browser, officer.UserName, officer.Password);
        return cookies;
    })).Value;

    /// <summary>A client in which the officer of a role has signed in, at the desk and at the API behind it.</summary>
    public async Task<HttpClient> ClientAsync(string role) =>
        new(new SocketsHttpHandler { CookieContainer = await CookiesAsync(role) })
        {
            BaseAddress = new(desk()),
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", (await OfAsync(role)).Token) },
            Timeout = TimeSpan.FromSeconds(30),
        };

    /// <summary>Adds an officer, and changes the generated password, which has to come first.</summary>
    public async Task<SignedIn> AddAsync(string role, string userName)
    {
        var supervisor = await FirstSupervisorsTokenAsync();
        JsonElement made;
        try
        {
            made = await AskAsync(HttpMethod.Post, $"{restApi()}/officers", new { user_name = userName, role }, supervisor);
        }
        catch (InvalidOperationException exception) when (exception.Message.Contains("officer-exists", StringComparison.Ordinal))
        {
            // An earlier attempt succeeded and only its response was late: reset the password.
            made = await AskAsync(HttpMethod.Post, $"{restApi()}/officers/{Uri.EscapeDataString(userName)}/reset", new { }, supervisor);
        }

        return await SignInAsync(restApi(), userName, made.GetProperty("password").GetString()!);
    }

    /// <summary>Fills in the desk's sign-in page, as a browser without scripts does.</summary>
    /// <param name="browser">A client that keeps cookies.</param>
    /// <param name="userName">The user name.</param>
    /// <param name="password">The password.</param>
    /// <exception cref="InvalidOperationException">The desk refuses.</exception>
    public static async Task SignInAsync(HttpClient browser, string userName, string password)
    {
        const string path = "/sign-in";
        var page = await browser.GetStringAsync(new Uri(path, UriKind.Relative));
        var form = Form().Matches(page)
            .Select(match => match.Value)
            .FirstOrDefault(form => form.Contains("id=\"sign-in\"", StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"{path} has no form to sign in: {page}");
        // Buttons send a field only when they are pressed.
        var fields = Field().Matches(form)
            .Where(field => field.Groups["tag"].Value == "input" || field.Value.Contains("id=\"sign-in\"", StringComparison.Ordinal))
            .ToDictionary(
                field => field.Groups["name"].Value, field => WebUtility.HtmlDecode(Value().Match(field.Value).Groups["value"].Value));
        (fields["user_name"], fields["password"]) = (userName, password);

        var target = Action().Match(form) is { Success: true } action ? WebUtility.HtmlDecode(action.Groups["path"].Value) : path;
        using var answer = await browser.PostAsync(new Uri(target, UriKind.RelativeOrAbsolute), new FormUrlEncodedContent(fields));
        if (!answer.IsSuccessStatusCode || answer.RequestMessage!.RequestUri!.AbsolutePath == path)
        {
            throw new InvalidOperationException(
                $"{userName} could not sign in at the desk: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }
    }

    private static async Task<JsonElement> AskAsync(HttpMethod method, string url, object content, string? token = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var request = new HttpRequestMessage(method, url) { Content = JsonContent.Create(content) };
            request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
            using var answer = await Http.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            if (answer.IsSuccessStatusCode)
            {
                return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
            }

            // As the response asks: a network that has just started on a busy machine may be late.
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable || attempt == 5)
            {
                throw new InvalidOperationException(
                    $"{method} {request.RequestUri!.AbsolutePath} answered {(int)answer.StatusCode}: {text}");
            }

            await Task.Delay(TimeSpan.FromSeconds(2));
        }
    }

    [GeneratedRegex("<form\\b.*?</form>", RegexOptions.Singleline)]
    private static partial Regex Form();

    [GeneratedRegex("<(?<tag>input|button) [^>]*?name=\"(?<name>[^\"]*)\"[^>]*>")]
    private static partial Regex Field();

    [GeneratedRegex(" value=\"(?<value>[^\"]*)\"")]
    private static partial Regex Value();

    [GeneratedRegex("^<form [^>]*?action=\"(?<path>[^\"]+)\"")]
    private static partial Regex Action();
}
