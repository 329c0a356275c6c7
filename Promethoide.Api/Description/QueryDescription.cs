using System.Globalization;
using Microsoft.OpenApi;
using Promethoide.Api.Immigration;

namespace Promethoide.Api.Description;

/// <summary>
/// Describes query values by their real types, numbers and dates; handlers take them as text so that errors can name each wrong value.
/// </summary>
internal static class QueryDescription
{
    public static RouteHandlerBuilder DescribePaging(this RouteHandlerBuilder endpoint) => endpoint
        .DescribeText(
            "search",
            "A part of a name, whatever its accents, or of a document number, or the number of the item.",
            ListQuery.LongestSearch)
        .DescribeMoment("from", "Only from this moment on.")
        .DescribeMoment("until", "Only before this moment.")
        .DescribeNumber(
            "after", JsonSchemaType.Integer, "Only what is older than this id: pass `next` of the part before.", 1, long.MaxValue)
        .DescribeNumber("limit", JsonSchemaType.Integer, "Most items to return.", 1, ListQuery.MaximumLimit, ListQuery.DefaultLimit);

    public static RouteHandlerBuilder DescribeText(this RouteHandlerBuilder endpoint, string name, string description, int longest) =>
        endpoint.Describe(name, description, new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = longest });

    /// <summary>A date as YYYY-MM-DD (RFC 3339).</summary>
    public static RouteHandlerBuilder DescribeDate(this RouteHandlerBuilder endpoint, string name, string description) =>
        endpoint.Describe(name, description, new OpenApiSchema { Type = JsonSchemaType.String, Format = "date" });

    /// <summary>A date and time (RFC 3339).</summary>
    public static RouteHandlerBuilder DescribeMoment(this RouteHandlerBuilder endpoint, string name, string description) =>
        endpoint.Describe(name, description, new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" });

    public static RouteHandlerBuilder DescribeNumber(
        this RouteHandlerBuilder endpoint,
        string name,
        JsonSchemaType type,
        string description,
        long minimum,
        long maximum,
        int? @default = null) => endpoint.Describe(name, description, new OpenApiSchema
        {
            Type = type,
            Minimum = minimum.ToString(CultureInfo.InvariantCulture),
            Maximum = maximum.ToString(CultureInfo.InvariantCulture),
            Default = @default,
        });

    private static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string name, string description, OpenApiSchema schema) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            if (operation.Parameters?.FirstOrDefault(parameter => parameter.Name == name) is OpenApiParameter parameter)
            {
                parameter.Description = description;
                parameter.Schema = schema;
            }

            return Task.CompletedTask;
        });
}
