using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Promethoide.Api.Data;

namespace Promethoide.Api.Problems;

/// <summary>Answers exceptions from outside a handler's own results. The exception goes to the log, never to the client.</summary>
internal sealed class ExceptionProblems : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        await Problem(httpContext, exception).WriteAsync(httpContext, exception);
        return true;
    }

    private static ApiProblem Problem(HttpContext context, Exception exception) => exception switch
    {
        BadHttpRequestException { InnerException: JsonException json } => Unreadable(json),
        BadHttpRequestException bad => ProblemSetup.ForStatus(bad.StatusCode),
        // Not "nothing was decided": the answer may have been lost after the decision.
        _ when DatabaseFailure.IsUnavailable(exception) => ProblemSetup.Unavailable<DatabaseUnavailable>(
            context, "The database does not respond at the moment. Please try again in a few seconds; nobody is entered twice."),
        _ => ProblemSetup.ForStatus(InternalError.Status),
    };

    /// <summary>Names the field by its JSON path, and reveals nothing else of the exception: its text contains our type names.</summary>
    private static ApiProblem Unreadable(JsonException exception) => exception switch
    {
        // The inner exception is the reader's own: the body is not JSON at all.
        { InnerException: JsonException } => NotReadable("The body is not valid JSON."),
        { Path: ['$', '.', .. var field] } => InvalidFields.Problem([new(field, ["This has the wrong type, or is out of range."])]),
        _ => NotReadable("The body has to be a JSON object."),
    };

    private static ApiProblem NotReadable(string detail) => ProblemSetup.ForStatus(InvalidRequest.Status) with { Detail = detail };
}
