using System.Buffers;
using System.Text.Json;
using Google.Protobuf.Reflection;
using MedGen.Host.Errors;
using MedGen.Sdk.Errors;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Microsoft.AspNetCore.Http.Features;

namespace MedGen.Host.Http;

/// <summary>
/// In front of the calls that are served as JSON, whose transcoding ignores unknown fields, takes fewer spellings than the contract allows and does
/// not name the field that it cannot read.
/// </summary>
internal sealed class JsonRequestMiddleware(RequestDelegate next, ErrorReporter errors)
{
    // As much as a message may have over gRPC.
    private const int MaxBodyBytes = 4 * 1024 * 1024;

    public async Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>() is { } call)
        {
            try
            {
                await CheckAsync(http, call).ConfigureAwait(false);
            }
            catch (InvalidInputException refusal)
            {
                await JsonStatus.WriteAsync(http, errors.Describe(refusal, endpoint.DisplayName ?? "", deadline: null, http.RequestAborted))
                    .ConfigureAwait(false);
                return;
            }
        }

        await next(http).ConfigureAwait(false);
    }

    private static async Task CheckAsync(HttpContext http, GrpcJsonTranscodingMetadata call)
    {
        Violations violations = new();
        bool hasBody = call.HttpRule.Body.Length > 0;
        if (!hasBody)
        {
            JsonRequestReader.Check(http.Request.Query, call.MethodDescriptor.InputType, violations);
        }
        else
        {
            foreach (string name in http.Request.Query.Keys)
            {
                violations.Add(name, "is in the address; fields of this call belong in the body.");
            }

            if (http.Request.HasJsonContentType())
            {
                await RewriteBodyAsync(http, call.MethodDescriptor.InputType, violations).ConfigureAwait(false);
            }
        }

        violations.ThrowIfAny();
    }

    private static async Task RewriteBodyAsync(HttpContext http, MessageDescriptor message, Violations violations)
    {
        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = MaxBodyBytes;
        ArrayBufferWriter<byte> body = new();
        try
        {
            using JsonDocument json = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted).ConfigureAwait(false);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new InvalidInputException("body", "Got no object; allowed: a JSON object.");
            }

            using Utf8JsonWriter writer = new(body);
            JsonRequestReader.Rewrite(json.RootElement, message, writer, violations);
        }
        catch (JsonException malformed)
        {
            throw new InvalidInputException(
                "body", $"Is not JSON in UTF-8: line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1}.");
        }
        catch (InvalidOperationException)
        {
            // The parser looks at the bytes of a text only when it is read.
            throw new InvalidInputException("body", "Is not JSON in UTF-8: a text in it has other bytes.");
        }

        http.Request.Body = new MemoryStream(body.WrittenMemory.ToArray());
        http.Request.ContentLength = body.WrittenCount;
        http.Request.ContentType = "application/json";
    }
}
