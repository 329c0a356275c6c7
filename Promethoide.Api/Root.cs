using Microsoft.AspNetCore.Http.HttpResults;
using Promethoide.Api.Problems;

namespace Promethoide.Api;

/// <summary>The response of <c>GET /</c>: the API is available.</summary>
public sealed record Greeting(string Message, string Status);

internal static class Root
{
    private static readonly Greeting Hello = new("hello world", "ok");

    public static void MapRoot(this IEndpointRouteBuilder routes) => routes
        .MapGet("/", Ok<Greeting> () => TypedResults.Ok(Hello))
        .MayAnswer<TooManyRequests>()
        .WithName("root")
        .WithTags("Service")
        .WithSummary("Says that the API is there");
}
