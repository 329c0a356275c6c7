using System.Text.Json;
using Promethoide.ServiceDefaults;

namespace Promethoide.Api.Drills;

/// <summary>
/// Drills are available only when <c>Drills:Enabled</c> is true, and only on the ops port: start (<c>PUT /drill</c>), show (<c>GET</c>) and
/// end (<c>DELETE</c>).
/// </summary>
internal static class DrillSetup
{
    private const string Setting = "Drills:Enabled";

    /// <exception cref="InvalidOperationException">Drills are enabled without an ops port.</exception>
    public static void AddDrills(this IHostApplicationBuilder builder)
    {
        if (!builder.Configuration.GetValue<bool>(Setting))
        {
            return;
        }

        if (string.IsNullOrWhiteSpace(builder.Configuration[OpsPort.Variable]))
        {
            throw new InvalidOperationException(
                $"{Setting} is true, but there is no {OpsPort.Variable}: without a port for operations, everybody could start a drill.");
        }

        builder.Services.AddSingleton<DrillBoard>();
    }

    public static void MapDrill(this IApplicationBuilder ops)
    {
        if (ops.ApplicationServices.GetService<DrillBoard>() is { } board)
        {
            ops.Map("/drill", drill => drill.Run(async context => await (await AnswerAsync(context, board)).ExecuteAsync(context)));
        }
    }

    /// <summary>Lets drills affect the endpoints. Call it after routing and after all measurements.</summary>
    public static void UseDrills(this WebApplication app)
    {
        if (app.Services.GetService<DrillBoard>() is not { } board)
        {
            return;
        }

        app.Use(async (HttpContext context, RequestDelegate next) =>
        {
            if (board.Current is { Drill: var drill } && drill.Endpoint == NameOf(context.GetEndpoint()))
            {
                await Task.Delay(TimeSpan.FromSeconds(drill.DelaySeconds), context.RequestAborted);
                if (drill.Status is { } status)
                {
                    context.Response.StatusCode = status;
                    return;
                }
            }

            await next(context);
        });
    }

    private static async Task<IResult> AnswerAsync(HttpContext context, DrillBoard board)
    {
        if (HttpMethods.IsGet(context.Request.Method))
        {
            return board.Current is { } running ? Running(running) : Problem(StatusCodes.Status404NotFound, "No drill runs.");
        }

        if (HttpMethods.IsDelete(context.Request.Method))
        {
            board.End();
            return Results.NoContent();
        }

        if (HttpMethods.IsPut(context.Request.Method))
        {
            return await StartAsync(context, board);
        }

        context.Response.Headers.Allow = "GET, PUT, DELETE";
        return Problem(StatusCodes.Status405MethodNotAllowed, "A drill is started with PUT, seen with GET and ended with DELETE.");
    }

    private static async Task<IResult> StartAsync(HttpContext context, DrillBoard board)
    {
        if (!context.Request.HasJsonContentType())
        {
            return Problem(
                StatusCodes.Status415UnsupportedMediaType,
                $"The body has to be JSON (content type application/json), like {Drill.Example}.");
        }

        Drill? drill;
        try
        {
            drill = await JsonSerializer.DeserializeAsync(context.Request.Body, DrillJson.Default.Drill, context.RequestAborted);
        }
        catch (JsonException exception)
        {
            return Problem(
                StatusCodes.Status400BadRequest,
                $"The body cannot be read{(exception.Path is { } path ? $" at {path}" : "")}. It has to be like {Drill.Example}.");
        }

        string[] endpoints =
        [
            .. context.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints.Select(NameOf).OfType<string>().Order(),
        ];
        return drill is null ? Problem(StatusCodes.Status400BadRequest, $"The body has to be like {Drill.Example}.")
            : drill.Fault(endpoints) is { } fault ? Problem(StatusCodes.Status400BadRequest, fault)
            : Running(board.Start(drill));
    }

    private static IResult Running(RunningDrill running) => Results.Json(running, DrillJson.Default.RunningDrill);

    private static IResult Problem(int status, string detail) =>
        Results.Json(new DrillProblem(status, detail), DrillJson.Default.DrillProblem, "application/problem+json", status);

    private static string? NameOf(Endpoint? endpoint) => endpoint?.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName;
}
