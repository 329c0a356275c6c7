using System.Globalization;

namespace Promethoide.Local.State;

/// <summary>What the environment, and the file <c>.env</c> in the checkout for what the environment lacks, say (see <c>.env.example</c>).</summary>
internal sealed class Settings
{
    private readonly Dictionary<string, string> _file;

    public Settings(Checkout checkout)
    {
        var file = checkout.Combine(".env");
        try
        {
            _file = File.Exists(file)
                ? DotNetEnv.Env.NoEnvVars().Load(file).GroupBy(pair => pair.Key).ToDictionary(pairs => pairs.Key, pairs => pairs.Last().Value)
                : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException || e.GetType().Name == "ParseException")
        {
            throw new UserException($"{file} cannot be read: {e.Message}");
        }
    }

    public string PostgresUser => this["POSTGRES_USER"] ?? "promethoide";

    public string? PostgresPassword => this["POSTGRES_PASSWORD"];

    public string PostgresDatabase => this["POSTGRES_DB"] ?? "promethoide";

    /// <summary>A server that exists; null: one is started here.</summary>
    public string? PostgresHost => this["POSTGRES_HOST"];

    public int? PostgresPort => Port("POSTGRES_PORT");

    /// <summary>The value of a variable; null when it is missing or empty.</summary>
    public string? this[string name] =>
        (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : _file.GetValueOrDefault(name)) is { Length: > 0 } found ? found : null;

    private int? Port(string name) => this[name] switch
    {
        null => null,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535 => port,
        var text => throw new UserException($"{name} is '{text}'; it has to be a port number from 1 to 65535."),
    };
}
