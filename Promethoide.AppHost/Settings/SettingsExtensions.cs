using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;

namespace Promethoide.AppHost;

/// <summary>
/// The variables of <c>.env.example</c>, from the environment or the file <c>.env</c> beside <c>run.sh</c>, as parameters of the model. A
/// parameter set in Aspire's own way (<c>Parameters__postgres-password</c>, <c>--Parameters:postgres-password=…</c>) takes precedence.
/// </summary>
public static partial class SettingsExtensions
{
    // If two names set one parameter, the first takes precedence. GR_SMTP_HOST is the original's spelling.
    internal static readonly (string Variable, string Parameter)[] Names =
    [
        ("POSTGRES_USER", "postgres-user"),
        ("POSTGRES_PASSWORD", "postgres-password"),
        ("POSTGRES_DB", "postgres-db"),
        ("POSTGRES_HOST", "postgres-host"),
        ("POSTGRES_PORT", "postgres-port"),
        ("POSTGRES_SSLMODE", "postgres-sslmode"),
        ("PROMETHOIDE_API_PASSWORD", "promethoide-api-password"),
        ("PROMETHOIDE_MONITOR_PASSWORD", "promethoide-monitor-password"),
        ("DESK_HOSTS", "desk-hosts"),
        ("SUPERVISOR_PASSWORD", "supervisor-password"),
        ("SMOKE_KEY", "smoke-key"),
        ("API_ALLOW_ANONYMOUS", "api-allow-anonymous"),
        ("GF_SMTP_HOST", "smtp-host"),
        ("GR_SMTP_HOST", "smtp-host"),
        ("GF_SMTP_FROM_ADDRESS", "smtp-from-address"),
        ("GF_SMTP_FROM_NAME", "smtp-from-name"),
        ("GF_SMTP_USER", "smtp-user"),
        ("GF_SMTP_PASSWORD", "smtp-password"),
        ("OPERATIONS_EMAILS", "operations-emails"),
        ("DEVELOPERS_EMAILS", "developers-emails"),
    ];

    internal const string EnvFile = "EnvFile";

    // From Unicode's private use area.
    private const char Dollar = '\uE000';

    // The file of .NET's user secrets.
    private const string UserSecrets = "secrets.json";

    /// <summary>
    /// Reads the command line and registers the names; call it first. <c>--EnvFile=…</c> names a file other than <c>.env</c>.
    /// </summary>
    /// <param name="builder">The network.</param>
    /// <param name="arguments">The command line.</param>
    /// <exception cref="DistributedApplicationException">An argument or the file is invalid.</exception>
    public static void AddSettings(this IDistributedApplicationBuilder builder, string[] arguments)
    {
        builder.AddTerminal();
        var options = RunOptions.Parse(arguments);
        builder.Services.AddSingleton(options);
        builder.AddNames();
        builder.AddState(options.Ephemeral);
        builder.ChooseForm(options.Run);
        if (!builder.RunsContainers())
        {
            CleanEnvironment.Apply();
        }

        builder.ChooseUsers();
    }

    private static void AddNames(this IDistributedApplicationBuilder builder)
    {
        var file = Read(Path.GetFullPath(builder.Configuration[EnvFile] ?? Path.Combine("..", ".env"), builder.AppHostDirectory));
        var parameters = new Dictionary<string, string?>();
        foreach (var (variable, parameter) in Names)
        {
            // An empty line of the file, or an empty variable, counts as not set.
            if ((NotEmpty(builder.Configuration[variable]) ?? NotEmpty(file.GetValueOrDefault(variable))) is { } value)
            {
                parameters.TryAdd(KeyOf(parameter), value);
            }
        }

        // Above the user secrets, which hold generated passwords: a given value takes precedence over a generated one.
        var sources = ((IConfigurationBuilder)builder.Configuration).Sources;
        var environment = sources.Select((source, index) => (source, index))
            .Last(entry => entry.source is EnvironmentVariablesConfigurationSource { Prefix: null or "" }).index;
        sources.Insert(environment, new MemoryConfigurationSource { InitialData = parameters });
        GivenValues.Check(builder);
    }

    /// <summary>A parameter's given value; null if it has none.</summary>
    internal static string? Given(this IDistributedApplicationBuilder builder, string parameter) =>
        NotEmpty(builder.Configuration[KeyOf(parameter)]);

    /// <summary>A parameter with a default.</summary>
    internal static IResourceBuilder<ParameterResource> AddSetting(
        this IDistributedApplicationBuilder builder, string name, string value, string description) =>
        builder.AddParameter(name, () => builder.Given(name) ?? value).WithDescription(description);

    /// <summary>
    /// A secret that is generated if it is neither given nor stored, and stored in the user secrets, which only their owner can read; an
    /// ephemeral network does not store it.
    /// </summary>
    internal static IResourceBuilder<ParameterResource> AddSecret(
        this IDistributedApplicationBuilder builder, string name, string description, ParameterDefault? generator = null) =>
        // Letters and digits only: it has to work unquoted in connection strings. 24 of them are more than 128 bits.
        builder.AddParameter(
            name,
            generator ?? new GenerateParameterDefault { MinLength = 24, Special = false },
            secret: true,
            persist: !builder.State().IsEphemeral)
            .WithDescription(description);

    /// <summary>
    /// How a user finds a password: with the command that shows the stored one, in the given setting, or right here for an ephemeral
    /// network, which stores none.
    /// </summary>
    internal static ReferenceExpression WhereIs(this IDistributedApplicationBuilder builder, IResourceBuilder<ParameterResource> password)
    {
        var name = password.Resource.Name;
        var source = ((IConfigurationRoot)builder.Configuration).Providers.LastOrDefault(provider =>
            provider.TryGet(KeyOf(name), out var value) && NotEmpty(value) is not null);
        return (source, builder.State().IsEphemeral) switch
        {
            (null, true) => ReferenceExpression.Create($"password: {password}"),
            (null, false) or (JsonConfigurationProvider { Source.Path: UserSecrets }, _) =>
                ReferenceExpression.Create($"password: dotnet aspire secret get {KeyOf(name)}"),
            _ => ReferenceExpression.Create($"password: as given in {VariableOf(name)}"),
        };
    }

    /// <summary>The name by which a parameter is set outside Aspire.</summary>
    internal static string VariableOf(string parameter) =>
        Array.Find(Names, name => name.Parameter == parameter).Variable ?? parameter.ToUpperInvariant().Replace('-', '_');

    internal static string KeyOf(string parameter) => $"Parameters:{parameter}";

    private static string? NotEmpty(string? value) => string.IsNullOrEmpty(value) ? null : value;

    private static Dictionary<string, string> Read(string file)
    {
        try
        {
            // A $ is literal: the reader sees a character that nobody types.
            return File.Exists(file)
                ? DotNetEnv.Env.LoadContents(File.ReadAllText(file).Replace('$', Dollar), DotNetEnv.LoadOptions.NoEnvVars())
                    .GroupBy(pair => pair.Key)
                    .ToDictionary(pairs => pairs.Key, pairs => pairs.Last().Value.Replace(Dollar, '$'))
                : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DistributedApplicationException($"{file} cannot be read: {e.Message}", e);
        }
        catch (Exception e) when (e is FormatException || e.GetType().Name == "ParseException")
        {
            // The reader's own messages contain passwords.
            var line = LineOfError().Match(e.Message) is { Success: true, Groups: [_, var number] } ? $"line {number.Value}" : "a line";
            throw new DistributedApplicationException(
                $"{file} cannot be read: {line} is not NAME=value. A value with blanks, quotes or # in it stands in single quotes.");
        }
    }

    [GeneratedRegex(@"\(Line (\d+), Column")]
    private static partial Regex LineOfError();
}
