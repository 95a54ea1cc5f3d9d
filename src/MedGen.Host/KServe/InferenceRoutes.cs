using System.Globalization;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Inference;
using MedGen.Application.Access;
using MedGen.Host.Health;
using MedGen.Host.Http;
using MedGen.Sdk.Errors;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MedGen.Host.KServe;

/// <summary>The protocol over HTTP.</summary>
internal static class InferenceRoutes
{
    // Errors as the protocol has them: one sentence, which names the fields.
    private static readonly ErrorForm Form = new((error, status) => Json(new JsonObject { ["error"] = error.Message }, status));

    // As the protocol spells its fields, those that are empty included.
    private static readonly JsonFormatter Names =
        new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true).WithFormatDefaultValues(true));

    public static void MapInference(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/v2").AddEndpointFilter<ProblemFilter>().WithMetadata(Form);
        group.MapGet("/health/live", () => Json(new JsonObject { ["live"] = true })).AllowAnonymous();
        group.MapGet("/health/ready", (Readiness readiness) => ReadyAnswer(null, readiness.Status != HealthStatus.Unhealthy))
            .AllowAnonymous();
        group.MapGet("", () => Results.Text(Names.Format(InferenceCalls.Server), "application/json"))
            .WithMetadata(new OperationAttribute("ListPlugins"));
        foreach (string model in new[] { "/models/{model}", "/models/{model}/versions/{version}" })
        {
            group.MapGet($"{model}/ready", ReadyAsync).WithMetadata(new OperationAttribute("ListPlugins"));
            group.MapGet(model, DescribeAsync).WithMetadata(new OperationAttribute("DescribePlugin"));
            group.MapPost($"{model}/infer", InferAsync).WithMetadata(new OperationAttribute("AnalyzeVideo"));
        }
    }

    private static async Task<IResult> ReadyAsync(string model, string? version, InferenceCalls calls, CancellationToken stop) =>
        ReadyAnswer(model, await calls.IsReadyAsync(model, version ?? "", stop).ConfigureAwait(false));

    private static IResult ReadyAnswer(string? model, bool isReady)
    {
        JsonObject answer = model is null ? [] : new JsonObject { ["name"] = model };
        answer["ready"] = isReady;
        return Json(answer, isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<IResult> DescribeAsync(string model, string? version, InferenceCalls calls, CancellationToken stop)
    {
        ModelMetadataResponse answer = (await calls.DescribeAsync(model, version ?? "", stop).ConfigureAwait(false)).ToProto();
        return Json(new JsonObject
        {
            ["name"] = answer.Name,
            ["versions"] = new JsonArray([.. answer.Versions.Select(one => JsonValue.Create(one))]),
            ["platform"] = answer.Platform,
            ["inputs"] = Tensors(answer.Inputs),
            ["outputs"] = Tensors(answer.Outputs),
        });

        // Shapes are numbers here, where proto3's JSON mapping would have texts.
        static JsonArray Tensors(IEnumerable<ModelMetadataResponse.Types.TensorMetadata> tensors) => new([.. tensors.Select(tensor => new JsonObject
        {
            ["name"] = tensor.Name,
            ["datatype"] = tensor.Datatype,
            ["shape"] = new JsonArray([.. tensor.Shape.Select(side => JsonValue.Create(side))]),
        })]);
    }

    private static async Task<IResult> InferAsync(HttpContext http, string model, string? version, InferenceCalls calls, CancellationToken stop)
    {
        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = InferenceCalls.MaxRequestBytes;
        using MemoryStream body = new();
        await http.Request.Body.CopyToAsync(body, stop).ConfigureAwait(false);
        int jsonLength = (int)body.Length;
        if (http.Request.Headers[InferenceResult.JsonLength] is { Count: > 0 } stated
            && (!int.TryParse(stated, NumberStyles.None, CultureInfo.InvariantCulture, out jsonLength) || jsonLength > body.Length))
        {
            throw new InvalidInputException(InferenceResult.JsonLength, $"Got another value; allowed: 0 to the {body.Length} bytes of the body.");
        }

        InferenceJson asked = InferenceJson.Read(body.GetBuffer().AsMemory(0, (int)body.Length), jsonLength);
        (asked.Request.ModelName, asked.Request.ModelVersion) = (model, version ?? "");
        return new InferenceResult(await calls.InferAsync(asked.Request, stop).ConfigureAwait(false), asked);
    }

    private static IResult Json(JsonObject body, int status = StatusCodes.Status200OK) =>
        Results.Text(body.ToJsonString(), "application/json", statusCode: status);
}
