using System.Globalization;
using Microsoft.OpenApi;
using Promethoide.Api.Immigration;

namespace Promethoide.Api.Description;

/// <summary>Describes query values as the numbers that they are; handlers take them as text, to name what is wrong with them.</summary>
internal static class QueryDescription
{
    public static RouteHandlerBuilder DescribePaging(this RouteHandlerBuilder endpoint) => endpoint
        .DescribeNumber("after", JsonSchemaType.Integer, "Only what is older than this id: pass `next` of the part before.", 1, long.MaxValue)
        .DescribeNumber("limit", JsonSchemaType.Integer, "Most items to return.", 1, ListQuery.MaximumLimit, ListQuery.DefaultLimit);

    public static RouteHandlerBuilder DescribeNumber(
        this RouteHandlerBuilder endpoint,
        string name,
        JsonSchemaType type,
        string description,
        long minimum,
        long maximum,
        int? @default = null) => endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            if (operation.Parameters?.FirstOrDefault(parameter => parameter.Name == name) is OpenApiParameter parameter)
            {
                parameter.Description = description;
                parameter.Schema = new OpenApiSchema
                {
                    Type = type,
                    Minimum = minimum.ToString(CultureInfo.InvariantCulture),
                    Maximum = maximum.ToString(CultureInfo.InvariantCulture),
                    Default = @default,
                };
            }

            return Task.CompletedTask;
        });
}
