using Npgsql;
using Promethoide.Api.Data;

namespace Promethoide.Api.Officers;

/// <summary>Runs one administration command with the API's own configuration and database rights.</summary>
internal static class AdministrationHost
{
    /// <summary>The actor in the audit log: a shell has no signed-in officer.</summary>
    public const string Actor = "command line";

    /// <param name="command">Returns whether it succeeded, and what to print.</param>
    /// <returns>The exit code: 0 for success; 1 for failure, with one sentence on standard error that says why.</returns>
    public static async Task<int> RunAsync(Func<IServiceProvider, CancellationToken, Task<(bool Done, string Message)>> command)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.AddDatabase();
        builder.AddOfficerRegister();
        using var host = builder.Build();
        await using var scope = host.Services.CreateAsyncScope();
        try
        {
            var (done, message) = await command(scope.ServiceProvider, CancellationToken.None);
            await (done ? Console.Out : Console.Error).WriteLineAsync(message);
            return done ? 0 : 1;
        }
        catch (Exception exception) when (exception.GetBaseException() is PostgresException or NpgsqlException or InvalidOperationException
            || DatabaseFailure.IsUnavailable(exception))
        {
            await Console.Error.WriteLineAsync($"Promethoide.Api: the database cannot be used: {exception.GetBaseException().Message}");
            return 1;
        }
    }
}
