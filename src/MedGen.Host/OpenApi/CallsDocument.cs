using System.Text.RegularExpressions;
using Google.Protobuf.Reflection;
using MedGen.Host.Access;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using HttpRule = Google.Api.HttpRule;

namespace MedGen.Host.OpenApi;

/// <summary>
/// The OpenAPI document of the HTTP port: the plain routes as the framework describes them, and the calls of the contract that are served as JSON,
/// from the contract's own descriptors. Open as reflection is: it tells nothing that the contract does not.
/// </summary>
internal static partial class CallsDocument
{
    private const string Bearer = "bearer";

    public static void AddCallsDocument(this IServiceCollection services) => services.AddOpenApi(document =>
    {
        document.AddOperationTransformer(NameAsync);
        document.AddDocumentTransformer(CompleteAsync);
    });

    public static void MapCallsDocument(this IEndpointRouteBuilder routes) => routes.MapOpenApi().AllowAnonymous();

    // Plain routes: the operation that the table of rights has them under.
    private static Task NameAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.Summary = context.Description.ActionDescriptor.EndpointMetadata.OfType<Application.Access.OperationAttribute>()
            .FirstOrDefault()?.Name;
        operation.Tags = null;
        return Task.CompletedTask;
    }

    private static Task CompleteAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "MedGen Platform",
            Version = "v1",
            Description = "Calls of the HTTP port. Fields, units and ranges: protos/medgen/v1. Intended use: research and data augmentation.",
        };
        document.AddComponent(Bearer, new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = Bearer });
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, document)] = [] }];
        ProtoSchemas schemas = new(document);
        foreach (Endpoint endpoint in context.ApplicationServices.GetRequiredService<EndpointDataSource>().Endpoints)
        {
            if (endpoint.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>() is { } call)
            {
                Add(document, call, OperationRequirement.OperationOf(endpoint), schemas);
            }
        }

        return Task.CompletedTask;
    }

    private static void Add(OpenApiDocument document, GrpcJsonTranscodingMetadata call, string? name, ProtoSchemas schemas)
    {
        (HttpMethod verb, string pattern) = call.HttpRule.PatternCase switch
        {
            HttpRule.PatternOneofCase.Get => (HttpMethod.Get, call.HttpRule.Get),
            HttpRule.PatternOneofCase.Post => (HttpMethod.Post, call.HttpRule.Post),
            HttpRule.PatternOneofCase.Put => (HttpMethod.Put, call.HttpRule.Put),
            HttpRule.PatternOneofCase.Patch => (HttpMethod.Patch, call.HttpRule.Patch),
            HttpRule.PatternOneofCase.Delete => (HttpMethod.Delete, call.HttpRule.Delete),
            _ => throw new InvalidOperationException($"{name} is served as JSON by a rule that has no verb."),
        };
        string[] inPath = [.. Variable().Matches(pattern).Select(match => match.Groups[1].Value)];
        MethodDescriptor method = call.MethodDescriptor;
        bool hasBody = call.HttpRule.Body.Length > 0;
        OpenApiOperation operation = new()
        {
            OperationId = $"{method.Service.Name}_{name}",
            Summary = name,
            Description = method.IsServerStreaming ? "A stream: one JSON object a line." : null,
            Parameters = [.. method.InputType.Fields.InDeclarationOrder().Where(field => !hasBody || inPath.Contains(field.Name)).Select(field =>
                new OpenApiParameter
                {
                    Name = inPath.Contains(field.Name) ? field.Name : field.JsonName,
                    In = inPath.Contains(field.Name) ? ParameterLocation.Path : ParameterLocation.Query,
                    Required = inPath.Contains(field.Name),
                    Schema = schemas.Of(field),
                })],
            RequestBody = hasBody ? new OpenApiRequestBody { Required = true, Content = Json(schemas.Of(method.InputType)) } : null,
            Responses = new OpenApiResponses
            {
                ["200"] = new OpenApiResponse { Description = "OK", Content = Json(schemas.Of(method.OutputType)) },
                ["default"] = new OpenApiResponse { Description = "An error", Content = Json(schemas.Of(Google.Rpc.Status.Descriptor)) },
            },
        };
        string path = Variable().Replace(pattern, "{$1}");
        document.Paths ??= [];
        if (!document.Paths.TryGetValue(path, out IOpenApiPathItem? item))
        {
            document.Paths[path] = item = new OpenApiPathItem();
        }

        ((OpenApiPathItem)item).AddOperation(verb, operation);
    }

    private static Dictionary<string, OpenApiMediaType> Json(IOpenApiSchema schema) =>
        new() { ["application/json"] = new OpenApiMediaType { Schema = schema } };

    [GeneratedRegex(@"\{([a-z_0-9]+)[^}]*\}")]
    private static partial Regex Variable();
}
