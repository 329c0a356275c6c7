using Microsoft.AspNetCore.Diagnostics;
using Promethoide.Api.Data;

namespace Promethoide.Api.Problems;

/// <summary>
/// One line for each request that was refused or failed, and none for others. It has the route and never the path: the path has document
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

        // After an exception the endpoint is to be found where the exception is.
        var endpoint = context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        var method = Method(context.Request.Method);
        if (problem.Status == StatusCodes.Status404NotFound && endpoint is not null && method == HttpMethods.Get)
        {
            // That nobody is wanted is an answer like any other, and by far the most frequent one.
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
                // What is passing has a reason; where it was noticed helps nobody.
                Unavailable(logger, method, route, problem.Status, problem.Code, cause?.GetBaseException().Message, problem.TraceId);
                break;
            default:
                Failed(logger, cause, method, route, problem.Status, problem.Code, problem.TraceId);
                break;
        }
    }

    /// <summary>The method, when it is one; a client may write anything there.</summary>
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
