using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Promethoide.Local.State;
using Promethoide.Local.Supervision;

namespace Promethoide.Local.Control;

/// <summary>Lets a second terminal see and steer the network, through a socket that only its owner may open.</summary>
internal sealed class ControlServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly RunningNetwork _announcement;
    private readonly StateFolder _state;
    private readonly string _file;

    private ControlServer(WebApplication app, RunningNetwork announcement, StateFolder state) =>
        (_app, _announcement, _state, _file) = (app, announcement, state, announcement.Write(state));

    public static async Task<ControlServer> StartAsync(Supervisor supervisor, StateFolder state, IReadOnlyDictionary<string, string> database)
    {
        var announcement = RunningNetwork.Announce(state, database);

        // Empty: no configuration of the surroundings (ASPNETCORE_URLS) moves it, and nothing is logged between the lines of the table.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(announcement.Socket));
        var app = builder.Build();

        app.MapGet("/components", () => Results.Json(supervisor.Table, ControlJson.Options));
        app.MapPost("/components/{name}/stop", (string name) => AnswerAsync(() => supervisor.StopAsync(name)));
        app.MapPost("/components/{name}/start", (string name, CancellationToken cancellationToken) => AnswerAsync(() => supervisor.StartAsync(name, cancellationToken)));

        await app.StartAsync();
        File.SetUnixFileMode(announcement.Socket, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return new(app, announcement, state);
    }

    public async ValueTask DisposeAsync()
    {
        File.Delete(_file);
        await _app.DisposeAsync();
        _announcement.DeleteSocket(_state);
    }

    private static async Task<IResult> AnswerAsync(Func<Task> action)
    {
        try
        {
            await action();
            return Results.NoContent();
        }
        catch (UserException e)
        {
            return Results.Text(e.Message, statusCode: StatusCodes.Status409Conflict);
        }
    }
}
