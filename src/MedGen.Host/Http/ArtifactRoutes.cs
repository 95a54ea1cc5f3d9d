using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using MedGen.Application.Access;
using MedGen.Application.Artifacts;
using MedGen.Host.Errors;
using MedGen.Host.Mapping;
using MedGen.WebConsole;
using MediatR;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Http;

/// <summary>Artifact bodies over plain HTTP, which JSON transcoding does not carry.</summary>
internal static class ArtifactRoutes
{
    public static void MapArtifactRoutes(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/v1/artifacts").AddEndpointFilter<ProblemFilter>();
        group.MapMethods("", [HttpMethods.Put, HttpMethods.Post], UploadAsync).WithMetadata(new OperationAttribute("UploadArtifact"));
        group.MapMethods("/{id}/content", [HttpMethods.Get, HttpMethods.Head], DownloadAsync)
            .WithMetadata(new OperationAttribute("DownloadArtifact"));
    }

    /// <summary>The same bodies for browsers that have signed in to the console.</summary>
    public static void MapConsoleFiles(this IEndpointRouteBuilder routes) =>
        routes.MapGroup(ConsolePaths.Files).AddEndpointFilter<ProblemFilter>()
            .MapMethods("/{id}", [HttpMethods.Get, HttpMethods.Head], DownloadAsync)
            .WithMetadata(new OperationAttribute("DownloadArtifact"), new ConsoleEndpoint());

    private static async Task<IResult> UploadAsync(
        HttpContext http,
        ISender sender,
        [FromQuery] string? name,
        [FromQuery] string? sha256,
        [FromQuery(Name = "patient_pseudonym")] string? patient,
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
            SizeBytes = http.Request.ContentLength,
            Patient = patient,
            Chunks = ReadChunksAsync(http.Request.BodyReader, cancellationToken),
            IdempotencyKey = idempotencyKey,
        };
        Artifact artifact = await sender.Send(message, cancellationToken).ConfigureAwait(false);
        Proto.Artifact answer = artifact.ToProto();
        http.Response.Headers.Location = $"/v1/artifacts/{artifact.Id}";
        return Results.Text(Google.Protobuf.JsonFormatter.Default.Format(answer), "application/json", statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> DownloadAsync(ISender sender, ErrorReporter errors, string id, CancellationToken cancellationToken) =>
        new ArtifactContentResult(await sender.Send(new OpenArtifact { ArtifactId = id }, cancellationToken).ConfigureAwait(false), errors);

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadChunksAsync(
        PipeReader body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A read that its token cancels leaves the body in a state in which the server cannot finish the call.
        using CancellationTokenRegistration ended = cancellationToken.UnsafeRegister(static body => ((PipeReader)body!).CancelPendingRead(), body);
        while (true)
        {
            ReadResult read = await body.ReadAsync(CancellationToken.None).ConfigureAwait(false);
            if (read.IsCanceled)
            {
                body.AdvanceTo(read.Buffer.Start);
                cancellationToken.ThrowIfCancellationRequested();
            }

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
