using Microsoft.AspNetCore.Diagnostics;
using Promethoide.Api.Data;

namespace Promethoide.Api.Problems;

/// <summary>
/// Logs one line per refused or failed request, and none for others. It logs the route, never the path, because paths contain document
/// numbers.
/// </summary>
internal static partial class ProblemLog
{
    private const string Category = "Promethoide.Api.Problems";

    public static void Log(HttpContext context, ApiProblem problem, Exception? cause)
    {
        if (context.Features.Get<WarmUpRequest>() is { } warmUp)
        {
            warmUp.Failure = cause;
            return;
        }

        // After an exception, the exception feature holds the endpoint.
        var endpoint = context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        var method = Method(context.Request.Method);
        if (problem.Status == StatusCodes.Status404NotFound && endpoint is not null && method == HttpMethods.Get)
        {
            // "Not wanted" is a normal answer, and by far the most frequent one.
            return;
        }

        var logger = context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(Category);
        var route = (endpoint as RouteEndpoint)?.RoutePattern.RawText;
        switch (problem.Status)
        {
            case < StatusCodes.Status500InternalServerError:
                Refused(logger, method, route, problem.Status, problem.Code, problem.TraceId);
                break;
            case StatusCodes.Status503ServiceUnavailable:
                // A temporary failure has a known reason; its stack trace would not help.
                Unavailable(logger, method, route, problem.Status, problem.Code, cause?.GetBaseException().Message, problem.TraceId);
                break;
            default:
                Failed(logger, cause, method, route, problem.Status, problem.Code, problem.TraceId);
                break;
        }
    }

    /// <summary>The method, if it is a known one; a client may send anything there.</summary>
    private static string Method(string method) => HttpMethods.GetCanonicalizedValue(method) switch
    {
        var known when HttpMethods.IsGet(known) || HttpMethods.IsPost(known) || HttpMethods.IsHead(known) || HttpMethods.IsPut(known)
            || HttpMethods.IsPatch(known) || HttpMethods.IsDelete(known) || HttpMethods.IsOptions(known) => known,
        _ => "other",
    };

    [LoggerMessage(LogLevel.Information, "{Method} {Route} was refused: {Status} {Code}, trace {TraceId}")]
    private static partial void Refused(ILogger logger, string method, string? route, int status, string code, string? traceId);

    [LoggerMessage(LogLevel.Warning, "{Method} {Route} could not be answered: {Status} {Code}, {Reason}, trace {TraceId}")]
    private static partial void Unavailable(
        ILogger logger, string method, string? route, int status, string code, string? reason, string? traceId);

    [LoggerMessage(LogLevel.Error, "{Method} {Route} failed: {Status} {Code}, trace {TraceId}")]
    private static partial void Failed(
        ILogger logger, Exception? exception, string method, string? route, int status, string code, string? traceId);
}
