using System.Diagnostics;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.WebUtilities;
using Promethoide.Api.Data;

namespace Promethoide.Api.Problems;

/// <summary>The body of every unsuccessful answer: RFC 9457 problem details (<c>application/problem+json</c>).</summary>
public sealed record ApiProblem
{
    internal const string ContentType = "application/problem+json";

    /// <summary>The HTTP status, repeated for clients that read only the body.</summary>
    public required int Status { get; init; }

    /// <summary>The status in words.</summary>
    public string Title => ReasonPhrases.GetReasonPhrase(Status);

    /// <summary>What is wrong, in plain words for the officer.</summary>
    public required string Detail { get; init; }

    /// <summary>What is wrong, as a stable name for programs.</summary>
    public required string Code { get; init; }

    /// <summary>One message for each field that is wrong.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>The existing entry's id.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Id { get; init; }

    /// <summary>The existing entry, for the officer dealing with the traveller.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmigrationEntry? Entry { get; init; }

    /// <summary>The funds required for this stay, when too little was declared.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public decimal? RequiredMoney { get; init; }

    /// <summary>Identifies the request in traces and logs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TraceId { get; init; } = Activity.Current?.TraceId.ToHexString();

    /// <summary>Sends this problem, whatever the client accepts: an empty body would help nobody.</summary>
    /// <param name="context">The request.</param>
    /// <param name="cause">For the log alone.</param>
    internal Task WriteAsync(HttpContext context, Exception? cause = null)
    {
        ProblemLog.Log(context, this, cause);
        context.Response.StatusCode = Status;
        // Not RequestAborted: a disconnected client is not a server error.
        return context.Response.WriteAsJsonAsync(this, ApiJson.Default.ApiProblem, ContentType, CancellationToken.None);
    }
}
