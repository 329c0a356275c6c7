using Microsoft.AspNetCore.Http.Metadata;

namespace Promethoide.Api.Problems;

internal static class JsonOnly
{
    /// <summary>
    /// Lets the endpoint itself refuse a body of another type. Routing would answer from its own endpoint, which is not measured.
    /// </summary>
    public static RouteHandlerBuilder TakesJsonOnly(this RouteHandlerBuilder endpoint)
    {
        endpoint.MayAnswer<UnsupportedMediaType>().Finally(built =>
        {
            foreach (var accepts in built.Metadata.OfType<IAcceptsMetadata>().ToList())
            {
                built.Metadata.Remove(accepts);
            }
        });
        return endpoint;
    }
}
