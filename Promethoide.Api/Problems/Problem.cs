using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Promethoide.Api.Data;

namespace Promethoide.Api.Problems;

/// <summary>
/// A result that answers with a problem of the kind <typeparamref name="TKind"/>, and tells OpenAPI that the endpoint may do so.
/// </summary>
/// <param name="detail">What is wrong, in plain words.</param>
internal sealed class Problem<TKind>(string detail) : IResult, IStatusCodeHttpResult, IEndpointMetadataProvider where TKind : IProblemKind
{
    /// <summary>One message for each field that is wrong.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>The existing entry's id.</summary>
    public long? Id { get; init; }

    /// <summary>The existing entry, for callers who may see it.</summary>
    public ImmigrationEntry? Entry { get; init; }

    /// <summary>The funds required for the stay.</summary>
    public decimal? RequiredMoney { get; init; }

    public int? StatusCode => TKind.Status;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        return new ApiProblem
        {
            Status = TKind.Status,
            Code = TKind.Code,
            Detail = detail,
            Errors = Errors,
            Id = Id,
            Entry = Entry,
            RequiredMoney = RequiredMoney,
        }.WriteAsync(httpContext);
    }

    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(ProblemMetadata.Of<TKind>());
}

/// <summary>Declares that an endpoint may answer with the problem <paramref name="Code"/>.</summary>
internal sealed record ProblemMetadata(int StatusCode, string Code) : IProducesResponseTypeMetadata
{
    public Type Type => typeof(ApiProblem);

    public IEnumerable<string> ContentTypes => [ApiProblem.ContentType];

    public static ProblemMetadata Of<TKind>() where TKind : IProblemKind => new(TKind.Status, TKind.Code);
}

internal static class ProblemMetadataExtensions
{
    /// <summary>Declares a problem that comes from the pipeline rather than the handler.</summary>
    public static RouteGroupBuilder MayAnswer<TKind>(this RouteGroupBuilder group) where TKind : IProblemKind =>
        group.WithMetadata(ProblemMetadata.Of<TKind>());

    /// <summary>The same for one endpoint.</summary>
    public static RouteHandlerBuilder MayAnswer<TKind>(this RouteHandlerBuilder endpoint) where TKind : IProblemKind =>
        endpoint.WithMetadata(ProblemMetadata.Of<TKind>());
}
