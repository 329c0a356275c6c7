using Promethoide.Tests.Fixtures;
using Promethoide.Tests.Network;
using Promethoide.Tests.Web;

namespace Promethoide.Tests.AppHost;

/// <summary>
/// The AppHost as a user starts it: a separate program on free ports, with its own home and data, so that it does not touch the passwords
/// or data of the user who runs the tests.
/// </summary>
internal sealed class AppHostProgram : IAsyncDisposable
{
    /// <summary>A variable of the shell that starts the AppHost.</summary>
    public const string Foreign = "PGPORT";

    private readonly string _folder = Directory.CreateTempSubdirectory("promethoide-apphost-").FullName;

    public AppHostProgram()
    {
        // When root runs the tests, PostgreSQL runs as another user, which has to traverse this folder.
        File.SetUnixFileMode(_folder, (UnixFileMode)0b111_101_101);
        ForgetSecrets();
    }

    /// <summary>The folder of its data.</summary>
    public string Data => Path.Combine(_folder, "data");

    /// <summary>The environment of the AppHost and of every command that talks to it.</summary>
    public Dictionary<string, string?> Environment => new()
    {
        ["HOME"] = Path.Combine(_folder, "home"),
        ["DOTNET_CLI_HOME"] = System.Environment.GetEnvironmentVariable("DOTNET_CLI_HOME") ?? UserHome,
        ["NUGET_PACKAGES"] = System.Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(UserHome, ".nuget", "packages"),
        ["PROMETHOIDE_DATA"] = Data,
        ["ASPIRE_CLI_TELEMETRY_OPTOUT"] = "true",
        ["NO_COLOR"] = "1",
        // No component may inherit this.
        [Foreign] = "1",
    };

    private static string UserHome => System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile);

    /// <summary>Starts the network as processes.</summary>
    public RunningProgram Start(params IEnumerable<string> arguments) =>
        RunningProgram.Start(
            "dotnet",
            Arguments(arguments),
            Repository.Root,
            Environment.ToDictionary(variable => variable.Key, variable => variable.Value!));

    /// <summary>Starts a network that stops on its own.</summary>
    /// <param name="environment">Additional variables; they take precedence.</param>
    /// <param name="arguments">Arguments of the AppHost.</param>
    public Task<ToolResult> RunAsync(IReadOnlyDictionary<string, string?>? environment = null, params IEnumerable<string> arguments) =>
        Tool.RunAsync("dotnet", Arguments(arguments), Environment.Concat(environment ?? new Dictionary<string, string?>())
            .GroupBy(variable => variable.Key)
            .Select(variables => variables.Last()));

    /// <summary>Runs a shell command in the repository, as from a second terminal.</summary>
    public Task<ToolResult> ShellAsync(string line) => Tool.RunAsync("bash", ["-c", $"cd '{Repository.Root}' && {line}"], Environment);

    /// <summary>Deletes the stored passwords.</summary>
    public void ForgetSecrets()
    {
        var home = Path.Combine(_folder, "home");
        if (Directory.Exists(home))
        {
            Directory.Delete(home, recursive: true);
        }

        Directory.CreateDirectory(home);
    }

    /// <summary>The processes, by ID and command line, that use its data or were started with its home.</summary>
    public IReadOnlyList<string> Processes()
    {
        var found = new List<string>();
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])))
        {
            try
            {
                var line = File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ');
                if (line.Contains(_folder, StringComparison.Ordinal)
                    || File.ReadAllText(Path.Combine(process, "environ")).Contains(_folder, StringComparison.Ordinal))
                {
                    found.Add($"{Path.GetFileName(process)} {line}");
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Exited meanwhile, or belongs to another user.
            }
        }

        return found;
    }

    public async ValueTask DisposeAsync()
    {
        // DCP exits after the AppHost. A process that outlived its home would write into the checkout.
        await Eventually.GetAsync(
            () => Task.FromResult(Processes()), processes => processes.Count == 0, processes => string.Join('\n', processes));
        Directory.Delete(_folder, recursive: true);
    }

    private static IEnumerable<string> Arguments(IEnumerable<string> arguments) =>
    [
        "run", "--project", Repository.Combine("Promethoide.AppHost"), "--no-build", "--configuration", Repository.Configuration, "--",
        "--run", "processes", "--EnvFile=does-not-exist",
        .. arguments.Contains("--ports") ? (string[])[] : ["--ports", "auto"],
        .. arguments,
    ];
}
