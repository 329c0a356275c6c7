using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace Promethoide.AppHost;

/// <summary>
/// As root, the network runs each process as its own user, who owns that process's data and nothing else: it cannot even read another
/// component's password. These users need no accounts. An ordinary user's network runs entirely as that user.
/// </summary>
internal static class OwnUser
{
    // systemd keeps this range for users that exist only while something runs.
    private const uint First = 61184;
    private const uint Count = 65520 - First;

    // Directory.Build.targets reads it when DCP starts a service with `dotnet run`.
    private const string Variable = "PROMETHOIDE_USER";

    /// <summary>The same id at each start: the user owns the data of earlier runs.</summary>
    public static uint Of(string component) => First + component.Aggregate(0u, (sum, letter) => sum * 31 + letter) % Count;

    /// <summary>Finds out whether services can run as other users, and says so if they cannot.</summary>
    public static void ChooseUsers(this IDistributedApplicationBuilder builder)
    {
        // The services are beside the AppHost and run on the same .NET.
        string[] needed =
        [
            Path.Combine(builder.AppHostDirectory, "AppHost.cs"),
            Assembly.GetExecutingAssembly().Location,
            typeof(object).Assembly.Location,
        ];
        var hidden = IsRoot ? Array.Find(needed, path => !StateFolder.IsReadable(path)) : null;
        builder.Services.AddSingleton(new Choice(IsRoot && hidden is null));
        if (hidden is not null)
        {
            builder.Say(
                $"rest-api, web, smoke and migrations run as root: no other user can read {hidden}. In a folder that everybody may "
                + "enter, such as /opt, they would not.");
        }
    }

    /// <summary>Runs a program as the component's own user.</summary>
    public static IResourceBuilder<T> AsOwnUser<T>(this IResourceBuilder<T> process) where T : ExecutableResource
    {
        if (!IsRoot)
        {
            return process;
        }

        var (user, program) = (Of(process.Resource.Name), process.Resource.Command);
        return process
            .WithAnnotation(new OwnUserAnnotation())
            .WithCommand(process.ApplicationBuilder.Programs().Require("util-linux", "setpriv"))
            .WithArgs(context =>
            {
                string[] words = [$"--reuid={user}", $"--regid={user}", "--clear-groups", "--no-new-privs", "--", program];
                foreach (var (index, word) in words.Index())
                {
                    context.Args.Insert(index, word);
                }
            });
    }

    /// <summary>Runs a service as its own user.</summary>
    public static IResourceBuilder<ProjectResource> AsOwnUser(this IResourceBuilder<ProjectResource> service) =>
        service.ApplicationBuilder.Registered<Choice>()!.ServicesHaveUsers
            ? service.WithAnnotation(new OwnUserAnnotation())
                .WithEnvironment(Variable, Of(service.Resource.Name).ToString(CultureInfo.InvariantCulture))
            : service;

    /// <summary>Gives a file or folder to a component's own user, if it has one.</summary>
    public static void Give(string path, IResource component)
    {
        if (OperatingSystem.IsLinux() && component.HasAnnotationOfType<OwnUserAnnotation>())
        {
            Posix.Give(path, Of(component.Name));
        }
    }

    private static bool IsRoot => OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess;

    private sealed record Choice(bool ServicesHaveUsers);

    private sealed record OwnUserAnnotation : IResourceAnnotation;
}
