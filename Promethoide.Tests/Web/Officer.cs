using System.Net;
using System.Text.RegularExpressions;

namespace Promethoide.Tests.Web;

/// <summary>
/// A browser without scripts: keeps cookies, and sends the page's form with what is typed and the button that is pressed. Nothing but what
/// the page has can be sent, unless a test forges it.
/// </summary>
public sealed partial class Officer : IDisposable
{
    private readonly HttpClient _http;
    private string _path = "/";

    /// <param name="address">The desk's address.</param>
    /// <param name="language">The browser's language.</param>
    /// <param name="cookies">What the browser has from before, such as that somebody has signed in.</param>
    public Officer(string address, string language, CookieContainer? cookies = null)
    {
        _http = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies ?? new CookieContainer(), AllowAutoRedirect = true }) { BaseAddress = new Uri(address) };
        _http.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
    }

    public string Page { get; private set; } = "";

    public HttpResponseMessage Response { get; private set; } = null!;

    /// <summary>data-outcome of the decision; null when there is none.</summary>
    public string? Outcome => DecisionPattern().Match(Page) is { Success: true } match ? match.Groups["outcome"].Value : null;

    public string? Entry => DecisionPattern().Match(Page).Groups["entry"] is { Success: true } entry ? entry.Value : null;

    public async Task<Officer> OpenAsync(string path = "/")
    {
        _path = path;
        await ReadAsync(await _http.GetAsync(path));
        return this;
    }

    /// <summary>What an input has.</summary>
    public string? Value(string name) => Inputs().TryGetValue(name, out var value) ? value : null;

    public async Task<Officer> PressAsync(string button, params IEnumerable<(string Field, string Text)> typed) => await SendAsync("action", button, typed);

    /// <summary>Presses a button of a list's second form, which continues it.</summary>
    public async Task<Officer> PressPagingAsync(string button) => await SendAsync("action", button, [], PagingPattern());

    public async Task<Officer> SwitchLanguageAsync(string language, params IEnumerable<(string Field, string Text)> typed) =>
        await SendAsync("language", language, typed);

    public Task<Officer> ToStayAsync(string dni) => PressAsync("check-document", ("dni", dni)).ContinueWith(
        _ => PressAsync("check-flight", ("flight_number", "aa 123")), TaskScheduler.Default).Unwrap();

    public Task<Officer> DecideAsync(string money = "1.500", string lodging = "Hotel Arts", string name = "Zoë O'Núñez", string days = "3") =>
        PressAsync("decide", ("name", name), ("lodging", lodging), ("declared_money", money), ("stay_days", days));

    public void Dispose() => _http.Dispose();

    private async Task<Officer> SendAsync(string name, string value, IEnumerable<(string Field, string Text)> typed, Regex? which = null)
    {
        var form = Inputs(which);
        foreach (var (field, text) in typed)
        {
            form[field] = text;
        }

        form[name] = value;
        using var content = new FormUrlEncodedContent(form);
        await ReadAsync(await _http.PostAsync(_path, content));
        return this;
    }

    private async Task ReadAsync(HttpResponseMessage response)
    {
        Response = response;
        Page = await response.Content.ReadAsStringAsync();
    }

    private Dictionary<string, string> Inputs(Regex? form = null) => InputPattern().Matches((form ?? FormPattern()).Match(Page).Value)
        .ToDictionary(match => match.Groups["name"].Value, match => WebUtility.HtmlDecode(ValuePattern().Match(match.Value).Groups["value"].Value));

    [GeneratedRegex("<form id=\"page-form\".*?</form>", RegexOptions.Singleline)]
    private static partial Regex FormPattern();

    [GeneratedRegex("<form class=\"actions paging\".*?</form>", RegexOptions.Singleline)]
    private static partial Regex PagingPattern();

    [GeneratedRegex("<input [^>]*?name=\"(?<name>[^\"]*)\"[^>]*>")]
    private static partial Regex InputPattern();

    [GeneratedRegex(" value=\"(?<value>[^\"]*)\"")]
    private static partial Regex ValuePattern();

    [GeneratedRegex("<section id=\"decision\"[^>]* data-outcome=\"(?<outcome>[a-z]+)\"( data-entry=\"(?<entry>[0-9]+)\")?")]
    private static partial Regex DecisionPattern();
}
