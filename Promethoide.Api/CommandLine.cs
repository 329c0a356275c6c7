using Promethoide.ServiceDefaults;

namespace Promethoide.Api;

internal enum Command
{
    Serve,
    Migrate,
    Health,
    Unknown,
}

internal static class CommandLine
{
    /// <summary>
    /// Nothing or settings only: serve. <c>migrate</c>, then settings: migrate. <c>health</c>: ask for health. A setting is <c>--Key=value</c> or <c>--Key value</c>.
    /// </summary>
    public static Command Read(string[] args)
    {
        if (args is [HealthProbe.Command])
        {
            return Command.Health;
        }

        var migrate = args is ["migrate", ..];
        return !AreSettings(args.AsSpan(migrate ? 1 : 0)) ? Command.Unknown : migrate ? Command.Migrate : Command.Serve;
    }

    /// <returns>The exit code for wrong usage.</returns>
    public static int ShowUsage()
    {
        Console.Error.WriteLine(
            """
            Usage: Promethoide.Api [--Key=value ...]           serves the API
                   Promethoide.Api migrate [--Key=value ...]   brings the database up to date, as its owner, and ends
                   Promethoide.Api health                      asks the one that serves on OPS_PORT for its health: exit code 0 or 1
            A key is one of the configuration, such as --urls or --ConnectionStrings:promethoide.
            """);
        return 2;
    }

    private static bool AreSettings(ReadOnlySpan<string> args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
            {
                return false;
            }

            if (!args[i].Contains('=', StringComparison.Ordinal) && (++i == args.Length || args[i].StartsWith("--", StringComparison.Ordinal)))
            {
                return false;
            }
        }

        return true;
    }
}
