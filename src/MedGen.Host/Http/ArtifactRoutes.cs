using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using MedGen.Application.Artifacts;
using MedGen.Host.Mapping;
using MediatR;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Http;

/// <summary>Artifact bodies over plain HTTP, which JSON transcoding does not carry.</summary>
internal static class ArtifactRoutes
{
    public static void MapArtifactRoutes(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/v1/artifacts").AddEndpointFilter<ProblemFilter>();
        group.MapMethods("", [HttpMethods.Put, HttpMethods.Post], UploadAsync);
        group.MapMethods("/{id}/content", [HttpMethods.Get, HttpMethods.Head], DownloadAsync);
    }

    private static async Task<IResult> UploadAsync(
        HttpContext http,
        ISender sender,
        [FromQuery] string? name,
        [FromQuery] string? sha256,
        [FromQuery(Name = "idempotency_key")] string? idempotencyKey,
        CancellationToken cancellationToken)
    {
        // The store has its own limit.
        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        UploadArtifact message = new()
        {
            FileName = name ?? "",
            MediaType = http.Request.ContentType ?? "application/octet-stream",
            Sha256 = sha256,
            Chunks = ReadChunksAsync(http.Request.BodyReader, cancellationToken),
            IdempotencyKey = idempotencyKey,
        };
        Artifact artifact = await sender.Send(message, cancellationToken).ConfigureAwait(false);
        Proto.Artifact answer = artifact.ToProto();
        http.Response.Headers.Location = $"/v1/artifacts/{artifact.Id}";
        return Results.Text(Google.Protobuf.JsonFormatter.Default.Format(answer), "application/json", statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> DownloadAsync(HttpContext http, ISender sender, string id, CancellationToken cancellationToken)
    {
        // The result disposes the stream, and with it the content.
        ArtifactContent opened = await sender.Send(new OpenArtifact { ArtifactId = id }, cancellationToken).ConfigureAwait(false);

        // An uploaded page must not run as ours.
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.ContentSecurityPolicy = "sandbox";
        return Results.Stream(
            opened.Content,
            opened.Artifact.MediaType,
            opened.Artifact.FileName,
            opened.Artifact.CreatedAt,
            new EntityTagHeaderValue($"\"{opened.Artifact.Sha256}\""),
            enableRangeProcessing: true);
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadChunksAsync(
        PipeReader body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult read = await body.ReadAsync(cancellationToken).ConfigureAwait(false);
            foreach (ReadOnlyMemory<byte> segment in read.Buffer)
            {
                yield return segment;
            }

            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                yield break;
            }
        }
    }
}
