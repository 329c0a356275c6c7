using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace Promethoide.Api.Problems;

internal static class ProblemSetup
{
    private const int RetryAfterSeconds = 5;

    /// <summary>
    /// Makes every unsuccessful answer a problem with a <c>detail</c> and a <c>code</c>, whether ours or the framework's.
    /// </summary>
    public static void AddProblems(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IProblemDetailsWriter, FrameworkProblemWriter>();
        builder.Services.AddProblemDetails();
        builder.Services.AddExceptionHandler<ExceptionProblems>();
        // ExceptionProblems handles unreadable bodies and names the field.
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
    }

    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages(context => ForStatus(context.HttpContext.Response.StatusCode).WriteAsync(context.HttpContext));
    }

    /// <summary>A problem of this kind.</summary>
    public static ApiProblem Of<TKind>(string detail) where TKind : IProblemKind =>
        new() { Status = TKind.Status, Code = TKind.Code, Detail = detail };

    /// <summary>The same for temporary problems: the answer says when to retry.</summary>
    public static ApiProblem Unavailable<TKind>(HttpContext context, string detail) where TKind : IProblemKind
    {
        context.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        return Of<TKind>(detail);
    }

    /// <summary>The same for clients that send too many requests.</summary>
    public static ApiProblem TooMany(HttpContext context, TimeSpan wait, string detail)
    {
        context.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return Of<TooManyRequests>(detail);
    }

    /// <summary>The problem for an answer that has a status but no body.</summary>
    public static ApiProblem ForStatus(int status) => new()
    {
        Status = status,
        Code = status switch
        {
            StatusCodes.Status400BadRequest => InvalidRequest.Code,
            StatusCodes.Status500InternalServerError => InternalError.Code,
            _ => ReasonPhrases.GetReasonPhrase(status) is { Length: > 0 } phrase
                ? phrase.ToLowerInvariant().Replace(' ', '-')
                : $"status-{status}",
        },
        Detail = status switch
        {
            StatusCodes.Status400BadRequest => "The request cannot be understood.",
            StatusCodes.Status404NotFound => "There is nothing at this address.",
            StatusCodes.Status405MethodNotAllowed => "This address does not accept that method; see the Allow header.",
            StatusCodes.Status413PayloadTooLarge => "The request is too large.",
            StatusCodes.Status415UnsupportedMediaType => "The body has to be JSON, with the content type application/json.",
            StatusCodes.Status500InternalServerError => "Something went wrong on our side. Please try again, or tell operations.",
            _ => $"{ReasonPhrases.GetReasonPhrase(status)}.",
        },
    };
}
