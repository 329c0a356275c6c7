using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Promethoide.Api.Access;
using Promethoide.Api.Problems;
using Scalar.AspNetCore;

namespace Promethoide.Api.Description;

internal static class ApiDescription
{
    public static void AddApiDescription(this IHostApplicationBuilder builder)
    {
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddOpenApi(options =>
        {
            options.AddDocumentTransformer(Introduce);
            options.AddOperationTransformer(NameCodes);
        });
    }

    /// <summary>
    /// The description at <c>/openapi/v1.json</c>, and a page to try it at <c>/scalar</c>, whose script and styles come from here.
    /// </summary>
    public static void MapApiDescription(this WebApplication app)
    {
        // On a developer's machine anybody may read it; elsewhere whoever may call the API at all.
        var description = app.MapGroup("");
        if (!app.Environment.IsDevelopment())
        {
            description.Requires(Scopes.Any);
        }

        description.MapOpenApi();
        description.MapScalarApiReference(options => options
            .WithTitle("Promethoide")
            // Nothing may be asked of the internet, and nothing told to it.
            .DisableDefaultFonts()
            .DisableTelemetry()
            .DisableAgent()
            .DisableMcp()
            .HideClientButton()
            .HideDeveloperTools());
    }

    private static Task Introduce(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Promethoide",
            Version = "v1",
            Description = "The immigration desk: look up documents and flights, decide about travellers, list what was decided.",
        };

        // Relative to the host, with Apache's /api in front when the request came through it.
        var request = context.ApplicationServices.GetRequiredService<IHttpContextAccessor>().HttpContext?.Request;
        document.Servers = [new OpenApiServer { Url = request?.PathBase is { HasValue: true } prefix ? prefix.Value : "/" }];
        return Task.CompletedTask;
    }

    /// <summary>Adds to each failing status the codes that tell its problems apart.</summary>
    private static Task NameCodes(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var problems = context.Description.ActionDescriptor.EndpointMetadata.OfType<ProblemMetadata>();
        foreach (var status in problems.GroupBy(problem => problem.StatusCode))
        {
            if (operation.Responses?.TryGetValue($"{status.Key}", out var response) is true)
            {
                response.Description = string.Join(", ", status.Select(problem => $"`{problem.Code}`").Distinct());
            }
        }

        return Task.CompletedTask;
    }
}
