using System.Runtime.CompilerServices;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MedGen.Sdk.Errors;
using MedGen.Application.Artifacts;
using MedGen.Application.Erasure;
using MedGen.Host.Mapping;
using MediatR;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Services;

internal sealed class ArtifactsService(ISender sender) : Proto.Artifacts.ArtifactsBase
{
    public const int MaxChunkBytes = 1024 * 1024;

    private const int DefaultPageSize = 50;

    // Below the large-object heap, large enough that framing costs nothing.
    private const int ChunkBytes = 64 * 1024;

    public override async Task<Proto.Artifact> UploadArtifact(
        IAsyncStreamReader<Proto.UploadArtifactRequest> requestStream, ServerCallContext context)
    {
        if (!await requestStream.MoveNext(context.CancellationToken).ConfigureAwait(false)
            || requestStream.Current is not { PartCase: Proto.UploadArtifactRequest.PartOneofCase.Metadata, Metadata: Proto.UploadMetadata metadata })
        {
            throw new InvalidInputException("metadata", "The first message must hold the metadata.");
        }

        UploadArtifact message = new()
        {
            FileName = metadata.Name,
            MediaType = metadata.MediaType,
            Sha256 = metadata.Sha256,
            SizeBytes = Math.Max(0, metadata.SizeBytes),
            Patient = metadata.PatientPseudonym.NullIfEmpty(),
            Chunks = ReadChunksAsync(requestStream, metadata.SizeBytes, context.CancellationToken),
            IdempotencyKey = metadata.IdempotencyKey.NullIfEmpty(),
        };
        Artifact artifact = await sender.Send(message, context.CancellationToken).ConfigureAwait(false);
        return artifact.ToProto();
    }

    public override async Task DownloadArtifact(
        Proto.DownloadArtifactRequest request, IServerStreamWriter<Proto.DownloadArtifactResponse> responseStream, ServerCallContext context)
    {
        ArtifactContent opened =
            await sender.Send(new OpenArtifact { ArtifactId = request.ArtifactId }, context.CancellationToken).ConfigureAwait(false);
        await using (opened.ConfigureAwait(false))
        {
            if (request.OffsetBytes < 0 || request.OffsetBytes > opened.Artifact.Size)
            {
                throw new InvalidInputException("offset_bytes", $"Got {request.OffsetBytes}; allowed: 0 to the size, {opened.Artifact.Size}.");
            }

            await responseStream.WriteAsync(new() { Artifact = opened.Artifact.ToProto() }, context.CancellationToken).ConfigureAwait(false);
            opened.Content.Seek(request.OffsetBytes, SeekOrigin.Begin);
            byte[] buffer = new byte[ChunkBytes];
            while (await opened.Content.ReadAtLeastAsync(buffer, ChunkBytes, throwOnEndOfStream: false, context.CancellationToken)
                .ConfigureAwait(false) is > 0 and int length)
            {
                // The message is serialised before WriteAsync completes, so the buffer can be used again.
                ByteString chunk = UnsafeByteOperations.UnsafeWrap(buffer.AsMemory(0, length));
                await responseStream.WriteAsync(new() { Chunk = chunk }, context.CancellationToken).ConfigureAwait(false);
            }
        }
    }

    public override async Task<Proto.Artifact> GetArtifact(Proto.GetArtifactRequest request, ServerCallContext context)
    {
        Artifact artifact = await sender.Send(new GetArtifact { ArtifactId = request.ArtifactId }, context.CancellationToken).ConfigureAwait(false);
        return artifact.ToProto();
    }

    public override async Task<Empty> DeleteArtifact(Proto.DeleteArtifactRequest request, ServerCallContext context)
    {
        await sender.Send(new DeleteArtifact { ArtifactId = request.ArtifactId }, context.CancellationToken).ConfigureAwait(false);
        return new Empty();
    }

    public override async Task<Proto.ListArtifactsResponse> ListArtifacts(Proto.ListArtifactsRequest request, ServerCallContext context)
    {
        ListArtifacts message = new()
        {
            Owner = request.Owner.NullIfEmpty(),
            Patient = request.PatientPseudonym.NullIfEmpty(),
            JobId = request.JobId.NullIfEmpty(),
            Kind = request.Kind.ToMessage(),
            Synthetic = request.Synthetic,
            CreatedFrom = request.CreatedFrom.ToTime("created_from"),
            CreatedBefore = request.CreatedBefore.ToTime("created_before"),
            PageSize = request.PageSize == 0 ? DefaultPageSize : request.PageSize,
            PageToken = request.PageToken.NullIfEmpty(),
        };
        ArtifactPage page = await sender.Send(message, context.CancellationToken).ConfigureAwait(false);
        return new Proto.ListArtifactsResponse
        {
            Artifacts = { page.Artifacts.Select(artifact => artifact.ToProto()) },
            NextPageToken = page.NextPageToken ?? "",
        };
    }

    public override async Task<Proto.Artifact> HoldArtifact(Proto.HoldArtifactRequest request, ServerCallContext context)
    {
        HoldArtifact message = new() { ArtifactId = request.ArtifactId, Reason = request.Reason };
        return (await sender.Send(message, context.CancellationToken).ConfigureAwait(false)).ToProto();
    }

    public override async Task<Proto.Artifact> ReleaseArtifact(Proto.ReleaseArtifactRequest request, ServerCallContext context)
    {
        ReleaseArtifact message = new() { ArtifactId = request.ArtifactId };
        return (await sender.Send(message, context.CancellationToken).ConfigureAwait(false)).ToProto();
    }

    public override async Task<Proto.ErasureReceipt> EraseArtifacts(Proto.EraseArtifactsRequest request, ServerCallContext context)
    {
        EraseArtifacts message = new()
        {
            ArtifactId = request.HasArtifactId ? request.ArtifactId : null,
            Owner = request.HasOwner ? request.Owner : null,
            Patient = request.HasPatientPseudonym ? request.PatientPseudonym : null,
            DryRun = request.DryRun,
        };
        return (await sender.Send(message, context.CancellationToken).ConfigureAwait(false)).ToProto();
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadChunksAsync(
        IAsyncStreamReader<Proto.UploadArtifactRequest> requestStream,
        long declaredBytes,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long received = 0;
        while (await requestStream.MoveNext(cancellationToken).ConfigureAwait(false))
        {
            if (requestStream.Current.PartCase != Proto.UploadArtifactRequest.PartOneofCase.Chunk)
            {
                throw new InvalidInputException("chunk", "After the metadata only chunks are allowed.");
            }

            received += requestStream.Current.Chunk.Length;
            if (received > declaredBytes)
            {
                break;
            }

            yield return requestStream.Current.Chunk.Memory;
        }

        if (received != declaredBytes)
        {
            string got = received > declaredBytes ? "more" : $"{received} bytes";
            throw new InvalidInputException("metadata.size_bytes", $"States {declaredBytes} bytes, but {got} came.");
        }
    }
}
