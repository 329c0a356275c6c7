using System.Net;
using System.Text.RegularExpressions;

namespace Promethoide.Tests.Web;

/// <summary>
/// A browser without scripts: keeps cookies, and submits the page's form with the typed values and the pressed button. It can only send
/// what the page offers, unless a test forges a request.
/// </summary>
public sealed partial class DeskClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly HttpClient _step;
    private string _path = "/";

    /// <param name="address">The desk's address.</param>
    /// <param name="language">The browser's language.</param>
    /// <param name="cookies">Existing cookies, such as those of a session.</param>
    public DeskClient(string address, string language, CookieContainer? cookies = null)
    {
        Cookies = cookies ?? new CookieContainer();
        _http = Client(follow: true);
        _step = Client(follow: false);

        HttpClient Client(bool follow)
        {
            var client = new HttpClient(new SocketsHttpHandler { CookieContainer = Cookies, AllowAutoRedirect = follow })
            {
                BaseAddress = new Uri(address),
            };
            client.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
            return client;
        }
    }

    public CookieContainer Cookies { get; }

    public bool HasSession => Cookie("session") is not null;

    /// <summary>The path of the current page, after redirects.</summary>
    public string Path => Response.RequestMessage!.RequestUri!.PathAndQuery;

    /// <summary>data-notice of the sign-in page; null if there is none.</summary>
    public string? Notice => NoticePattern().Match(Page) is { Success: true } match ? match.Groups["notice"].Value : null;

    /// <summary>The page's text, with HTML entities decoded.</summary>
    public string Text => WebUtility.HtmlDecode(Page);

    public string Page { get; private set; } = "";

    public HttpResponseMessage Response { get; private set; } = null!;

    /// <summary>data-outcome of the decision; null if there is none.</summary>
    public string? Outcome => DecisionPattern().Match(Page) is { Success: true } match ? match.Groups["outcome"].Value : null;

    public string? Entry => DecisionPattern().Match(Page).Groups["entry"] is { Success: true } entry ? entry.Value : null;

    public async Task<DeskClient> OpenAsync(string path = "/")
    {
        _path = path;
        await ReadAsync(await _http.GetAsync(path));
        return this;
    }

    public string? Cookie(string name) => Cookies.GetCookies(_http.BaseAddress!)[name]?.Value;

    /// <summary>Sends a single request with the browser's cookies; does not follow redirects.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? content = null, params IEnumerable<(string Name, string Value)> headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await _step.SendAsync(request);
    }

    /// <summary>Signs in with name and password on the current page, or on the sign-in page if there is none.</summary>
    public async Task<DeskClient> SignInAsync(string name, string password = StubApi.Password)
    {
        if (Value("password") is null)
        {
            await OpenAsync("/sign-in");
        }

        return await PressAsync("sign-in", ("user_name", name), ("password", password));
    }

    /// <summary>Presses a button of a form other than the page's first one.</summary>
    public Task<DeskClient> PressElsewhereAsync(string id) =>
        SendAsync("action", id, [], new Regex($"<form (?:(?!</form>).)*? id=\"{id}\".*?</form>", RegexOptions.Singleline));

    /// <summary>The content that the page's form would submit.</summary>
    public FormUrlEncodedContent Form(params IEnumerable<(string Field, string Text)> typed)
    {
        var form = Inputs();
        foreach (var (field, text) in typed)
        {
            form[field] = text;
        }

        return new FormUrlEncodedContent(form);
    }

    /// <summary>The value of an input.</summary>
    public string? Value(string name) => Inputs().TryGetValue(name, out var value) ? value : null;

    public async Task<DeskClient> PressAsync(string button, params IEnumerable<(string Field, string Text)> typed) =>
        await SendAsync("action", button, typed);

    /// <summary>Searches a list: submits its form, whose fields go into the address.</summary>
    public Task<DeskClient> SearchAsync(params IEnumerable<(string Field, string Text)> typed)
    {
        var form = Inputs(SearchPattern());
        foreach (var (field, text) in typed)
        {
            Assert.True(form.ContainsKey(field), $"There is no {field} to search by.");
            form[field] = text;
        }

        var action = ActionPattern().Match(SearchPattern().Match(Page).Value).Groups["action"].Value;
        return OpenAsync($"{action}?{string.Join('&', form.Select(field => $"{field.Key}={Uri.EscapeDataString(field.Value)}"))}");
    }

    /// <summary>Follows a link of the page.</summary>
    public Task<DeskClient> FollowAsync(string id) =>
        OpenAsync(WebUtility.HtmlDecode(Regex.Match(Page, $"<a (?=[^>]*id=\"{id}\")[^>]*href=\"(?<to>[^\"]*)\"").Groups["to"].Value));

    /// <summary>The value of a field in a list's search form.</summary>
    public string? Searched(string name) => Inputs(SearchPattern()).TryGetValue(name, out var value) ? value : null;

    public async Task<DeskClient> SwitchLanguageAsync(string language, params IEnumerable<(string Field, string Text)> typed) =>
        await SendAsync("language", language, typed);

    public Task<DeskClient> ToStayAsync(string dni) => PressAsync("check-document", ("dni", dni)).ContinueWith(
        _ => PressAsync("check-flight", ("flight_number", "aa 123")), TaskScheduler.Default).Unwrap();

    public Task<DeskClient> DecideAsync(
        string money = "1.500", string lodging = "Hotel Arts", string name = "Zoë O'Núñez", string days = "3") =>
        PressAsync("decide", ("name", name), ("lodging", lodging), ("declared_money", money), ("stay_days", days));

    public void Dispose()
    {
        _http.Dispose();
        _step.Dispose();
    }

    private async Task<DeskClient> SendAsync(string name, string value, IEnumerable<(string Field, string Text)> typed, Regex? which = null)
    {
        var form = Inputs(which);
        foreach (var (field, text) in typed)
        {
            form[field] = text;
        }

        form[name] = value;
        using var content = new FormUrlEncodedContent(form);
        var action = ActionPattern().Match((which ?? FormPattern()).Match(Page).Value).Groups["action"];
        await ReadAsync(await _http.PostAsync(action.Success ? WebUtility.HtmlDecode(action.Value) : _path, content));
        return this;
    }

    private async Task ReadAsync(HttpResponseMessage response)
    {
        Response = response;
        Page = await response.Content.ReadAsStringAsync();
    }

    private Dictionary<string, string> Inputs(Regex? form = null) => InputPattern().Matches((form ?? FormPattern()).Match(Page).Value)
        .ToDictionary(
            match => match.Groups["name"].Value, match => WebUtility.HtmlDecode(ValuePattern().Match(match.Value).Groups["value"].Value));

    [GeneratedRegex("<form id=\"page-form\".*?</form>", RegexOptions.Singleline)]
    private static partial Regex FormPattern();

    [GeneratedRegex("<form class=\"search\".*?</form>", RegexOptions.Singleline)]
    private static partial Regex SearchPattern();

    [GeneratedRegex("^<form [^>]*?action=\"(?<action>[^\"]*)\"")]
    private static partial Regex ActionPattern();

    [GeneratedRegex("data-notice=\"(?<notice>[A-Za-z]+)\"")]
    private static partial Regex NoticePattern();

    [GeneratedRegex("<input [^>]*?name=\"(?<name>[^\"]*)\"[^>]*>")]
    private static partial Regex InputPattern();

    [GeneratedRegex(" value=\"(?<value>[^\"]*)\"")]
    private static partial Regex ValuePattern();

    [GeneratedRegex("<section id=\"decision\"[^>]* data-outcome=\"(?<outcome>[a-z]+)\"( data-entry=\"(?<entry>[0-9]+)\")?")]
    private static partial Regex DecisionPattern();
}
