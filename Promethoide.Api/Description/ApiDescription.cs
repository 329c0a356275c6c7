using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Promethoide.Api.Access;
using Promethoide.Api.Problems;
using Scalar.AspNetCore;

namespace Promethoide.Api.Description;

internal static class ApiDescription
{
    private const string Bearer = "bearer";

    private static readonly (string Name, string Description)[] Tags =
    [
        ("Interpol", "Who is wanted, and when their documents were presented."),
        ("Flights", "Flights by number and day of arrival."),
        ("Immigration", "Decisions about travellers."),
        ("Officers", "Who may sign in, and their sessions."),
        ("Service", "The API itself."),
    ];

    public static void AddApiDescription(this IHostApplicationBuilder builder)
    {
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddOpenApi(options =>
        {
            options.AddDocumentTransformer(Introduce);
            options.AddOperationTransformer(Describe);
            options.AddSchemaTransformer(SayWhatIsMeant);
        });
    }

    /// <summary>
    /// Serves the description at <c>/openapi/v1.json</c>, and a page for trying the API at <c>/scalar</c> with locally hosted scripts and
    /// styles.
    /// </summary>
    public static void MapApiDescription(this WebApplication app)
    {
        // Anybody may read it on a developer's machine; elsewhere it requires access to the API.
        var description = app.MapGroup("");
        if (!app.Environment.IsDevelopment())
        {
            description.Requires(Scopes.Any);
        }

        description.MapOpenApi();
        description.MapScalarApiReference(options => options
            .WithTitle("Promethoide")
            // No requests to the internet, and no telemetry.
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
            Contact = new OpenApiContact { Name = "The operator of this network" },
            License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
        };

        // Relative to the host, prefixed with Apache's /api when the request came through Apache.
        var request = context.ApplicationServices.GetRequiredService<IHttpContextAccessor>().HttpContext?.Request;
        document.Servers = [new OpenApiServer { Url = request?.PathBase is { HasValue: true } prefix ? prefix.Value : "/" }];
        document.Tags = new HashSet<OpenApiTag>(Tags.Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Description }));
        document.AddComponent(Bearer, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "The token of a session (`POST /sessions`), or the key of a service (the command `keys add`).",
        });
        return Task.CompletedTask;
    }

    private static Task Describe(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        // The summary is description enough, except where an operation has its own.
        operation.Description ??= $"{operation.Summary}.";
        operation.Security = metadata.OfType<AsksWhoCalls>().Any()
            ? [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = [] }]
            : [];
        NameCodes(operation, metadata.OfType<ProblemMetadata>());
        NameHeaders(operation);
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            parameter.Example = Examples.OfParameter(parameter.Name!);
        }

        if (operation.RequestBody?.Content is { } content
            && context.Description.ParameterDescriptions.FirstOrDefault(one => one.Source == BindingSource.Body) is { Type: var type })
        {
            foreach (var body in content.Values.OfType<OpenApiMediaType>())
            {
                body.Example = Examples.OfBody(type);
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>Adds to each error status the codes that distinguish its problems.</summary>
    private static void NameCodes(OpenApiOperation operation, IEnumerable<ProblemMetadata> problems)
    {
        foreach (var status in problems.GroupBy(problem => problem.StatusCode))
        {
            if (operation.Responses?.TryGetValue($"{status.Key}", out var answer) is not true || answer is not OpenApiResponse response)
            {
                continue;
            }

            var codes = status.Select(problem => problem.Code).Distinct().ToList();
            response.Description = string.Join(", ", codes.Select(code => $"`{code}`"));
            if (response.Content?.TryGetValue(ApiProblem.ContentType, out var content) is true
                && content is OpenApiMediaType { Schema: { } problem } body)
            {
                var code = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. codes.Select(name => (JsonNode)name)] };
                body.Schema = new OpenApiSchema
                {
                    AllOf = [problem, new OpenApiSchema { Properties = new Dictionary<string, IOpenApiSchema> { ["code"] = code } }],
                };
            }
        }
    }

    private static void NameHeaders(OpenApiOperation operation)
    {
        foreach (var (status, answer) in operation.Responses ?? [])
        {
            var (name, description, type) = status switch
            {
                "201" => ("Location", "Where what was made is found.", JsonSchemaType.String),
                "429" or "503" => ("Retry-After", "Seconds after which to ask again.", JsonSchemaType.Integer),
                _ => default,
            };
            if (name is not null && answer is OpenApiResponse response)
            {
                response.Headers = new Dictionary<string, IOpenApiHeader>
                {
                    [name] = new OpenApiHeader { Description = description, Schema = new OpenApiSchema { Type = type } },
                };
            }
        }
    }

    /// <summary>
    /// Describes numbers as numbers that may also be sent as text, and required fields as never null. The JSON reader alone treats both as
    /// optional, so that validation can report errors in plain words.
    /// </summary>
    private static Task SayWhatIsMeant(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (schema.Type is { } type
            && type.HasFlag(JsonSchemaType.String)
            && (type & (JsonSchemaType.Integer | JsonSchemaType.Number)) != 0)
        {
            schema.Type = type & ~JsonSchemaType.String;
            schema.Pattern = null;
        }

        foreach (var name in schema.Required ?? new HashSet<string>())
        {
            if (schema.Properties?.TryGetValue(name, out var property) is true && property is OpenApiSchema { Type: { } nullable } required)
            {
                required.Type = nullable & ~JsonSchemaType.Null;
            }
        }

        return Task.CompletedTask;
    }
}
