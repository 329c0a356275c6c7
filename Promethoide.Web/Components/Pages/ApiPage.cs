using Microsoft.AspNetCore.Components;
using Promethoide.Web.RestApi;

namespace Promethoide.Web.Components.Pages;

/// <summary>The base of pages that get their content from the API.</summary>
public abstract partial class ApiPage : ComponentBase
{
    [Inject]
    private ILoggerFactory Loggers { get; set; } = null!;

    [Inject]
    protected RestApiClient Api { get; set; } = null!;

    [CascadingParameter]
    public HttpContext Http { get; set; } = null!;

    /// <summary>The API did not respond: the page says so, and keeps what was typed.</summary>
    protected bool IsUnavailable { get; private set; }

    /// <summary>Calls the API. Without a response the page tells the officer, and its status, 503, counts against the objectives.</summary>
    protected async Task AskAsync(Func<Task> ask)
    {
        ArgumentNullException.ThrowIfNull(ask);
        try
        {
            await ask();
        }
        catch (RestApiUnavailableException e)
        {
            LogUnavailable(Loggers.CreateLogger(GetType()), e.Message);
            IsUnavailable = true;
            Http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The page cannot reach the API: {Reason}")]
    private static partial void LogUnavailable(ILogger logger, string reason);
}
