using MedGen.Application.Access;
using MedGen.Application.Admission;
using MedGen.Application.Artifacts;
using MedGen.Application.Auditing;
using MedGen.Application.Validation;
using MedGen.Dicom.DataSets;
using MedGen.Media;
using MedGen.Media.Images;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MediatR;

namespace MedGen.Application.Dicom;

/// <summary>Opens an artifact's content as a DICOM file, for its header or some of its frames; who asks for it disposes it.</summary>
[Operation("DownloadArtifact")]
public sealed record OpenDicom : IRequest<DicomFile>, IAuditedMessage
{
    /// <summary>Id of the artifact.</summary>
    [Identifier]
    public required string ArtifactId { get; init; }

    string? IAuditedMessage.AuditSubject => $"artifact:{ArtifactId}";
}

/// <summary>A frame of an artifact as it is shown, as a PNG.</summary>
[Operation("DownloadArtifact")]
public sealed record RenderDicom : IRequest<byte[]>, IAuditedMessage
{
    /// <summary>Id of the artifact.</summary>
    [Identifier]
    public required string ArtifactId { get; init; }

    /// <summary>The frame, from 0; null: the middle one.</summary>
    public int? Frame { get; init; }

    string? IAuditedMessage.AuditSubject => $"artifact:{ArtifactId}";
}

internal sealed class OpenDicomHandler(IArtifactStore artifacts, ItemVisibility visibility) : IRequestHandler<OpenDicom, DicomFile>
{
    public async Task<DicomFile> Handle(OpenDicom request, CancellationToken cancellationToken)
    {
        Artifact artifact = await visibility.RequireAsync(
            await artifacts.FindAsync(request.ArtifactId, cancellationToken).ConfigureAwait(false), "artifact", request.ArtifactId, cancellationToken)
            .ConfigureAwait(false);
        return DicomFile.Open(await artifacts.GetPathForPartsAsync(artifact, cancellationToken).ConfigureAwait(false));
    }
}

internal sealed class RenderDicomHandler(
    IArtifactStore artifacts, ItemVisibility visibility, IVideoReader reader, OpenStreams streams, CallerContext context)
    : IRequestHandler<RenderDicom, byte[]>
{
    public async Task<byte[]> Handle(RenderDicom request, CancellationToken cancellationToken)
    {
        await visibility.RequireAsync(
            await artifacts.FindAsync(request.ArtifactId, cancellationToken).ConfigureAwait(false), "artifact", request.ArtifactId, cancellationToken)
            .ConfigureAwait(false);
        using IDisposable place = streams.Open(context.Require().Name);
        IVideoClip clip = await reader.OpenArtifactForPartsAsync(artifacts, request.ArtifactId, cancellationToken).ConfigureAwait(false);
        using VideoFrame frame = await clip.ReadFrameAsync(request.Frame, cancellationToken).ConfigureAwait(false)
            ?? throw new InvalidInputException("frame", $"Got {request.Frame + 1}; the clip has {clip.Info.FrameCount}, from 1.");
        return await FrameImage.EncodePngAsync(frame, provenanceId: null, cancellationToken).ConfigureAwait(false);
    }
}
