using System.Diagnostics;
using System.Reflection;

namespace Promethoide.AppHost;

/// <summary>The commands to manage officers, services' keys, flights and wanted persons: those of the API's own program.</summary>
public static class AdministrationBuilderExtensions
{
    private const string Action = "action";
    private const string Name = "name";
    private const string Role = "role";
    private const string Scope = "scope";
    private const string Days = "days";
    private const string What = "what";
    private const string File = "file";
    private const string DryRun = "dry-run";

    // The Aspire CLI takes named options only: users add ada --role officer becomes users --action add --name ada --role officer.
    private static readonly IReadOnlyList<InteractionInput> OfUsers =
    [
        Choice(Action, "What to do.", "list", "add", "lock", "unlock", "reset", "remove"),
        Text(Name, "The officer's user name; not for list."),
        Choice(Role, "The role of an officer who is added.", "officer", "supervisor"),
    ];

    private static readonly IReadOnlyList<InteractionInput> OfKeys =
    [
        Choice(Action, "What to do.", "list", "add", "revoke"),
        Text(Name, "The name of the service that has the key; not for list."),
        Text(Scope, "What a key that is added is good for: look-up, decide, read, smoke; several with blanks between."),
        Text(Days, "After how many days it expires; without them, never."),
    ];

    private static readonly IReadOnlyList<InteractionInput> OfImport =
    [
        Choice(What, "What the file has.", "flights", "wanted"),
        Text(
            File,
            "The whole path of a CSV file in UTF-8. The header of flights: "
            + "flight_number,airline,origin,destination,departure_date,arrival_date; of wanted persons: name,dni."),
        Choice(DryRun, "Yes: check the file, and say what it would change.", "no", "yes"),
    ];

    /// <summary>
    /// Adds the commands <c>users</c>, <c>keys</c> and <c>import</c>. Their output, including generated passwords and keys, goes to the
    /// caller.
    /// </summary>
    /// <param name="restApi">The API.</param>
    /// <param name="asApi">The database as the API logs in to it.</param>
    /// <param name="asOwner">The database as its owner, the only role that changes flights and wanted persons.</param>
    public static IResourceBuilder<ProjectResource> WithAdministration(
        this IResourceBuilder<ProjectResource> restApi,
        IResourceBuilder<IResourceWithConnectionString> asApi,
        IResourceBuilder<IResourceWithConnectionString> asOwner) =>
        restApi
            .WithAdministration(
                "users",
                "Officers",
                "Lists officers; adds, locks, unlocks or removes one, or resets the password.",
                "People",
                OfUsers,
                asApi)
            .WithAdministration("keys", "Keys of services", "Lists the keys of services; adds or revokes one.", "Key", OfKeys, asApi)
            .WithAdministration(
                "import", "Import", "Brings flights or wanted persons in from a CSV file.", "ArrowImport", OfImport, asOwner);

    private static IResourceBuilder<ProjectResource> WithAdministration(
        this IResourceBuilder<ProjectResource> restApi,
        string command,
        string title,
        string description,
        string icon,
        IReadOnlyList<InteractionInput> arguments,
        IResourceBuilder<IResourceWithConnectionString> database) =>
        restApi.WithCommand(
            command,
            title,
            context => RunAsync(restApi.Resource, [command, .. Words(context.Arguments)], database.Resource, context.CancellationToken),
            new()
            {
                Description = description,
                IconName = icon,
                Arguments = arguments,
            });

    /// <summary>The arguments of the program's command line.</summary>
    internal static IEnumerable<string> Words(InteractionInputCollection arguments) =>
        Given(arguments, What) is { } what ? WordsOfImport(what, arguments) : WordsOfAction(Given(arguments, Action) ?? "list", arguments);

    private static IEnumerable<string> WordsOfImport(string what, InteractionInputCollection arguments) =>
        [what, Given(arguments, File) ?? "", .. Given(arguments, DryRun) == "yes" ? (string[])[$"--{DryRun}"] : []];

    private static IEnumerable<string> WordsOfAction(string action, InteractionInputCollection arguments)
    {
        yield return action;
        if (Given(arguments, Name) is { } name)
        {
            yield return name;
        }

        foreach (var option in (string[])[Role, Scope, Days])
        {
            // A choice always has a value: it counts only where there is something to choose.
            if (action == "add" && Given(arguments, option) is { } value)
            {
                yield return $"--{option}";
                foreach (var word in value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                {
                    yield return word;
                }
            }
        }
    }

    private static string? Given(InteractionInputCollection arguments, string argument) =>
        arguments.TryGetByName(argument, out var input) && !string.IsNullOrWhiteSpace(input.Value) ? input.Value.Trim() : null;

    private static async Task<ExecuteCommandResult> RunAsync(
        ProjectResource project, IEnumerable<string> words, IResourceWithConnectionString database, CancellationToken cancellationToken)
    {
        // The way Aspire itself starts a project.
        var configuration =
            typeof(AdministrationBuilderExtensions).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        string[] run =
        [
            "run", "--no-build", "--no-launch-profile", "--configuration", configuration,
            "--project", project.GetProjectMetadata().ProjectPath, "--",
        ];
        var start = new ProcessStartInfo("dotnet", [.. run, .. words])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                [$"ConnectionStrings__{Database.ConnectionName}"] = await database.GetConnectionStringAsync(cancellationToken),
            },
        };
        using var program = Process.Start(start)!;
        try
        {
            var (output, error) = (
                program.StandardOutput.ReadToEndAsync(cancellationToken),
                program.StandardError.ReadToEndAsync(cancellationToken));
            await program.WaitForExitAsync(cancellationToken);
            // Not in a message: Aspire logs those.
            return program.ExitCode == 0
                ? CommandResults.Success("Done.", new CommandResultData
                {
                    Value = (await output).TrimEnd(),
                    Format = CommandResultFormat.Text,
                    DisplayImmediately = true,
                })
                : CommandResults.Failure((await error).Trim() is { Length: > 0 } reason ? reason : (await output).Trim());
        }
        catch (OperationCanceledException)
        {
            program.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static InteractionInput Choice(string name, string description, params string[] choices) => new()
    {
        Name = name,
        Description = description,
        InputType = InputType.Choice,
        Options = [.. choices.Select(choice => KeyValuePair.Create(choice, choice))],
        Value = choices[0],
    };

    private static InteractionInput Text(string name, string description) =>
        new() { Name = name, Description = description, InputType = InputType.Text };
}
