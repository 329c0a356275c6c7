using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Web;

/// <summary>Debian's apache2 with the repository's configuration, in front of two stubs.</summary>
public sealed class ApacheUnderTest : IAsyncLifetime
{
    /// <summary>The subject of the tests' certificate.</summary>
    public const string CertificateSubject = "CN=desk.example.org";

    /// <summary>A misdirected request, a malformed one, or one for a path that Apache reserves for its own responses.</summary>
    internal const string Refused = @"^HTTP/1\.[01] (421|400|403) ";

    private readonly string _folder = Directory.CreateTempSubdirectory("promethoide-apache-").FullName;

    internal BackEnd Web { get; } = new("web");

    internal BackEnd RestApi { get; } = new("rest-api");

    internal RunningProgram Program { get; private set; } = null!;

    public HttpClient Http { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    /// <summary>The log that the log exporter reads.</summary>
    public string MetricsLog => Path.Combine(_folder, "requests.log");

    public string Address { get; } = $"http://127.0.0.1:{Loopback.FreePort()}";

    public string StatusAddress { get; } = $"http://127.0.0.1:{Loopback.FreePort()}";

    public async ValueTask InitializeAsync()
    {
        await Web.StartAsync();
        await RestApi.StartAsync();
        Program = Start();
        await Program.AnswersAsync(Address);
    }

    /// <summary>Starts another Apache and waits until it responds.</summary>
    internal Task<OneMore> StartOneAsync(params (string Name, string Value)[] changes) => StartOneAsync(empty: null, changes);

    /// <summary>The same, with one variable set to an empty string.</summary>
    internal async Task<OneMore> StartOneAsync(string? empty, params (string Name, string Value)[] changes)
    {
        var (address, status) = ($"127.0.0.1:{Loopback.FreePort()}", $"127.0.0.1:{Loopback.FreePort()}");
        var program = Start([("APACHE_LISTEN", address), ("APACHE_STATUS_LISTEN", status), .. changes], empty);
        await program.AnswersAsync($"http://{status}/server-status");
        return new(program, $"http://{address}");
    }

    /// <summary>Starts another Apache, which may be meant to fail.</summary>
    internal RunningProgram Start(params IEnumerable<(string Name, string Value)> changes) => Start(changes, empty: null);

    /// <summary>The same, with one variable set to an empty string.</summary>
    internal RunningProgram Start(IEnumerable<(string Name, string Value)> changes, string? empty) =>
        StartIn(Repository.Combine("Promethoide.Web", "Apache"), changes, empty);

    /// <summary>The same with another configuration folder.</summary>
    internal RunningProgram StartIn(string serverRoot, params IEnumerable<(string Name, string Value)> changes) =>
        StartIn(serverRoot, changes, empty: null);

    private RunningProgram StartIn(string serverRoot, IEnumerable<(string Name, string Value)> changes, string? empty) =>
        StartBy(["/usr/sbin/apache2", "-DFOREGROUND", "-d", serverRoot, "-f", "httpd.conf"], changes, empty);

    /// <summary>The same with the caller's command.</summary>
    internal RunningProgram StartBy(IEnumerable<string> command, IEnumerable<(string Name, string Value)> changes, string? empty = null)
    {
        // When started by root, Apache switches to another user, who cannot read a checkout under /root.
        var errors = Directory.CreateDirectory(Path.Combine(_folder, "errors")).FullName;
        var apache = Repository.Combine("Promethoide.Web", "Apache");
        foreach (var page in Directory.GetFiles(Path.Combine(apache, "errors")))
        {
            File.Copy(page, Path.Combine(errors, Path.GetFileName(page)), overwrite: true);
        }

        File.SetUnixFileMode(_folder, (UnixFileMode)0b111_101_101);
        var environment = new Dictionary<string, string>
        {
            ["WEB_HTTP"] = Web.Address,
            ["REST_API_HTTP"] = RestApi.Address,
            ["APACHE_LISTEN"] = new Uri(Address).Authority,
            ["APACHE_STATUS_LISTEN"] = new Uri(StatusAddress).Authority,
            ["APACHE_MODULES"] = "/usr/lib/apache2/modules",
            ["APACHE_RUN_DIR"] = Directory.CreateDirectory(Path.Combine(_folder, Guid.NewGuid().ToString("N"))).FullName,
            ["APACHE_ERRORS"] = errors,
            ["APACHE_METRICS_LOG"] = MetricsLog,
            ["APACHE_ALLOWED_HOSTS"] = "desk.example.org border *.border.example.org",
            ["APACHE_RUN_USER"] = "www-data",
            ["APACHE_RUN_GROUP"] = "www-data",
        };
        foreach (var (name, value) in changes)
        {
            environment[name] = value;
        }

        // An empty value means that the variable is unset.
        var absent = environment.Where(variable => variable.Value.Length == 0).SelectMany(variable => (string[])["-u", variable.Key]);
        string[] there = empty is null ? [] : [$"{empty}="];
        return RunningProgram.Start("env", [.. absent, .. there, .. command], _folder, environment);
    }

    /// <summary>Sends a request verbatim, with \n for line ends, and reads the whole response.</summary>
    /// <param name="address">The listener: http://host:port, or https://host:port with the certificate of
    /// <see cref="CertificateSubject"/>.</param>
    /// <param name="request">The request up to the empty line.</param>
    public static async Task<string> SendAsync(string address, string request)
    {
        var listener = new Uri(address);
        using var client = new TcpClient();
        await client.ConnectAsync(listener.Host, listener.Port);
        await using Stream stream = client.GetStream();
        await using var secure = listener.Scheme == Uri.UriSchemeHttps
            ? new SslStream(stream, leaveInnerStreamOpen: true, (_, presented, _, _) => presented?.Subject == CertificateSubject)
            : null;
        if (secure is not null)
        {
            await secure.AuthenticateAsClientAsync(listener.Host);
        }

        await (secure ?? stream).WriteAsync(Encoding.ASCII.GetBytes($"{request}\nConnection: close\n\n".ReplaceLineEndings("\r\n")));
        using var reader = new StreamReader(secure ?? stream, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }

    /// <summary>Sends a request verbatim; returns the request that the back end reports.</summary>
    public static async Task<JsonElement> AskedOneAsync(string address, string request)
    {
        var answer = await SendAsync(address, request);
        Assert.Matches("^HTTP/1.1 200 ", answer);
        // Skips chunk sizes, if any, around the object.
        return JsonSerializer.Deserialize<JsonElement>(
            answer[answer.IndexOf('{', StringComparison.Ordinal)..(answer.LastIndexOf('}') + 1)]);
    }

    /// <summary>Sends a request; returns the request that the back end reports.</summary>
    public async Task<JsonElement> AskedAsync(string path, params IEnumerable<(string Name, string Value)> headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address + path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await Http.SendAsync(request);
        return JsonSerializer.Deserialize<JsonElement>(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Program.DisposeAsync();
        await Web.DisposeAsync();
        await RestApi.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    internal sealed record OneMore(RunningProgram Program, string Address) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Program.DisposeAsync();
    }
}
