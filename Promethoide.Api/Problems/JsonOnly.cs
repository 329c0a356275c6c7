using System.Text;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace Promethoide.Api.Problems;

internal static class JsonOnly
{
    /// <summary>
    /// Lets the endpoint itself refuse a body of another type. Routing would answer from an endpoint of its own, which is not measured; and the reader
    /// of JSON takes a character set that does not exist for a fault of ours.
    /// </summary>
    public static RouteHandlerBuilder TakesJsonOnly(this RouteHandlerBuilder endpoint)
    {
        endpoint.MayAnswer<UnsupportedMediaType>().Finally(built =>
        {
            foreach (var accepts in built.Metadata.OfType<IAcceptsMetadata>().ToList())
            {
                built.Metadata.Remove(accepts);
            }

            var handle = built.RequestDelegate!;
            built.RequestDelegate = context => HasReadableText(context.Request)
                ? handle(context)
                : ProblemSetup.ForStatus(UnsupportedMediaType.Status).WriteAsync(context);
        });
        return endpoint;
    }

    private static bool HasReadableText(HttpRequest request)
    {
        if (request.ContentType is null or "application/json"
            || !MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.Charset.HasValue)
        {
            // Whether it is JSON is for the handler to say.
            return true;
        }

        try
        {
            Encoding.GetEncoding(HeaderUtilities.RemoveQuotes(type.Charset).ToString());
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
