using System.CommandLine;
using Promethoide.Api.Access;
using Promethoide.Api.Data;
using Promethoide.Api.Import;
using Promethoide.Api.Officers;
using Promethoide.ServiceDefaults;

namespace Promethoide.Api;

/// <summary>The program's commands, apart from serving.</summary>
internal static class CommandLine
{
    private const int WrongUsage = 2;

    /// <summary>
    /// True when there are no arguments, or only settings (<c>--Key=value</c> or <c>--Key value</c>): then the program serves.
    /// </summary>
    public static bool AreSettings(IReadOnlyList<string> args)
    {
        for (var i = 0; i < args.Count; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal) || args[i] is "--help" or "--version")
            {
                return false;
            }

            if (!args[i].Contains('=', StringComparison.Ordinal)
                && (++i == args.Count || args[i].StartsWith("--", StringComparison.Ordinal)))
            {
                return false;
            }
        }

        return true;
    }

    /// <returns>The exit code: 0 for success, 1 for failure, 2 for wrong usage.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Build().Parse(args);
        if (parsed.Errors.Count == 0)
        {
            return await parsed.InvokeAsync();
        }

        await Console.Error.WriteLineAsync(
            $"Promethoide.Api: {string.Join(' ', parsed.Errors.Select(error => error.Message))} See --help.");
        return WrongUsage;
    }

    private static RootCommand Build()
    {
        var migrate = new Command("migrate", "Brings the database up to date, as its owner, and ends.")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        migrate.SetAction(async (parsed, _) =>
        {
            if (AreSettings(parsed.UnmatchedTokens))
            {
                return await MigrateCommand.RunAsync([.. parsed.UnmatchedTokens]);
            }

            await Console.Error.WriteLineAsync("Promethoide.Api: migrate takes settings only, as --Key=value. See --help.");
            return WrongUsage;
        });

        return new RootCommand(
            "The REST API of Promethoide. Without a command it serves; a setting of the configuration is --Key=value, such as "
            + "--urls=http://localhost:5001.")
        {
            migrate,
            new Command(HealthProbe.Command, "Asks the one that serves on OPS_PORT for its health: exit code 0 or 1."),
            UsersCommand.Build(),
            KeysCommand.Build(),
            ImportCommand.Build(),
        };
    }
}
