using Npgsql;
using Promethoide.Api.Data;

namespace Promethoide.Api.Officers;

/// <summary>Runs one administrator's command with the configuration, and the rights in the database, of the API itself.</summary>
internal static class AdministrationHost
{
    /// <summary>Who did it, for the audit log: a shell knows of no officer.</summary>
    public const string Actor = "command line";

    /// <param name="command">Tells whether it could be done, and what to print.</param>
    /// <returns>The exit code: 0 when it is done; 1 when not, with one sentence on standard error that says why.</returns>
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
