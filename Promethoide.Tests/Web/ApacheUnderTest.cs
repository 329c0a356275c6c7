using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Web;

/// <summary>Debian's apache2 with the configuration of the repository, in front of two stubs.</summary>
public sealed class ApacheUnderTest : IAsyncLifetime
{
    /// <summary>Of the certificate that tests make.</summary>
    public const string CertificateSubject = "CN=desk.example.org";

    /// <summary>Misdirected request, or no good request at all; or one for what Apache keeps for its own answers.</summary>
    internal const string Refused = @"^HTTP/1\.[01] (421|400|403) ";

    private readonly string _folder = Directory.CreateTempSubdirectory("promethoide-apache-").FullName;

    internal BackEnd Web { get; } = new("web");

    internal BackEnd RestApi { get; } = new("rest-api");

    internal RunningProgram Program { get; private set; } = null!;

    public HttpClient Http { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    /// <summary>What the log exporter counts.</summary>
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

    /// <summary>One more Apache, which answers.</summary>
    internal Task<OneMore> StartOneAsync(params (string Name, string Value)[] changes) => StartOneAsync(empty: null, changes);

    /// <summary>The same with a variable that is there, and empty.</summary>
    internal async Task<OneMore> StartOneAsync(string? empty, params (string Name, string Value)[] changes)
    {
        var (address, status) = ($"127.0.0.1:{Loopback.FreePort()}", $"127.0.0.1:{Loopback.FreePort()}");
        var program = Start([("APACHE_LISTEN", address), ("APACHE_STATUS_LISTEN", status), .. changes], empty);
        await program.AnswersAsync($"http://{status}/server-status");
        return new(program, $"http://{address}");
    }

    /// <summary>Starts one more, or one that has to fail.</summary>
    internal RunningProgram Start(params IEnumerable<(string Name, string Value)> changes) => Start(changes, empty: null);

    /// <summary>The same with a variable that is there, and empty.</summary>
    internal RunningProgram Start(IEnumerable<(string Name, string Value)> changes, string? empty) =>
        StartIn(Repository.Combine("Promethoide.Web", "Apache"), changes, empty);

    /// <summary>The same with another folder of configuration.</summary>
    internal RunningProgram StartIn(string serverRoot, params IEnumerable<(string Name, string Value)> changes) =>
        StartIn(serverRoot, changes, empty: null);

    private RunningProgram StartIn(string serverRoot, IEnumerable<(string Name, string Value)> changes, string? empty) =>
        StartBy(["/usr/sbin/apache2", "-DFOREGROUND", "-d", serverRoot, "-f", "httpd.conf"], changes, empty);

    /// <summary>The same by a command of the caller's.</summary>
    internal RunningProgram StartBy(IEnumerable<string> command, IEnumerable<(string Name, string Value)> changes, string? empty = null)
    {
        // Root's Apache becomes another user, who cannot read a checkout under /root.
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

        // An empty value stands for a variable that is not there.
        var absent = environment.Where(variable => variable.Value.Length == 0).SelectMany(variable => (string[])["-u", variable.Key]);
        string[] there = empty is null ? [] : [$"{empty}="];
        return RunningProgram.Start("env", [.. absent, .. there, .. command], _folder, environment);
    }

    /// <summary>Sends a request as it is written, with \n for line ends, and reads the whole answer.</summary>
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

    /// <summary>What a back end was asked by a request as it is written, as it tells.</summary>
    public static async Task<JsonElement> AskedOneAsync(string address, string request)
    {
        var answer = await SendAsync(address, request);
        Assert.Matches("^HTTP/1.1 200 ", answer);
        // Its length is told by chunks or not: the object is the same.
        return JsonSerializer.Deserialize<JsonElement>(
            answer[answer.IndexOf('{', StringComparison.Ordinal)..(answer.LastIndexOf('}') + 1)]);
    }

    /// <summary>What a back end was asked, as it tells.</summary>
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
