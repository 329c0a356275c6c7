namespace Promethoide.Api.Problems;

/// <summary>Turns the framework's problems (mainly validation errors) into ours.</summary>
internal sealed class FrameworkProblemWriter : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    public ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var status = context.ProblemDetails.Status ?? context.HttpContext.Response.StatusCode;
        var problem = context.ProblemDetails is HttpValidationProblemDetails { Errors: var errors }
            ? InvalidFields.Problem(errors)
            : ProblemSetup.ForStatus(status);

        return new ValueTask(problem.WriteAsync(context.HttpContext));
    }
}
