using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Promethoide.Api.Data;

namespace Promethoide.Api.Problems;

/// <summary>Answers what went wrong outside of a handler's own results. The exception goes to the log, never to the client.</summary>
internal sealed partial class ExceptionProblems(ILogger<ExceptionProblems> logger) : IExceptionHandler
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        await Problem(httpContext, exception).WriteAsync(httpContext);
        return true;
    }

    private ApiProblem Problem(HttpContext context, Exception exception)
    {
        if (exception is BadHttpRequestException bad)
        {
            return bad.InnerException is JsonException json ? Unreadable(json) : ProblemSetup.ForStatus(bad.StatusCode);
        }

        if (DatabaseFailure.IsUnavailable(exception))
        {
            LogDatabaseUnavailable(exception.GetBaseException().Message);
            context.Response.Headers.RetryAfter = RetryAfter.TotalSeconds.ToString(CultureInfo.InvariantCulture);
            return new ApiProblem
            {
                Status = DatabaseUnavailable.Status,
                Code = DatabaseUnavailable.Code,
                Detail = "The database does not answer at the moment. Nothing was decided; please try again in a few seconds.",
            };
        }

        LogUnexpected(exception);
        return ProblemSetup.ForStatus(InternalError.Status);
    }

    /// <summary>Names the field by the JSON path, and says nothing else of the exception: its text has names of our types.</summary>
    private static ApiProblem Unreadable(JsonException exception) => exception switch
    {
        // Inside is the reader's own complaint: this is no JSON at all.
        { InnerException: JsonException } => NotReadable("The body is not valid JSON."),
        { Path: ['$', '.', .. var field] } => InvalidFields.Problem([new(field, ["This has the wrong type, or is out of range."])]),
        _ => NotReadable("The body has to be a JSON object."),
    };

    private static ApiProblem NotReadable(string detail) => ProblemSetup.ForStatus(InvalidRequest.Status) with { Detail = detail };

    [LoggerMessage(LogLevel.Warning, "The database does not answer: {Reason}")]
    private partial void LogDatabaseUnavailable(string reason);

    [LoggerMessage(LogLevel.Error, "A request failed unexpectedly")]
    private partial void LogUnexpected(Exception exception);
}
