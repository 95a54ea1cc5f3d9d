using System.ComponentModel.DataAnnotations;
using MedGen.Application.Access;
using MedGen.Application.Admission;
using MedGen.Application.Auditing;
using MedGen.Application.Dicom;
using MedGen.Application.Idempotency;
using MedGen.Application.Validation;
using MedGen.Sdk.Errors;
using MediatR;

namespace MedGen.Application.Artifacts;

/// <summary>Stores a file that arrives in chunks. Nothing is left behind when it does not arrive whole.</summary>
public sealed record UploadArtifact : IRequest<Artifact>, IIdempotentMessage, IAuditedMessage, IWorkMessage, ICheckedMessage
{
    /// <summary>Name for people, 1 to 255 characters, no folders.</summary>
    [StringLength(255, MinimumLength = 1),
        RegularExpression(@"(?!\.{1,2}$)[^/\\\p{Cc}]*", ErrorMessage = "a file name without folders or control characters")]
    public required string FileName { get; init; }

    /// <summary>Media type, for instance <c>video/mp4</c>.</summary>
    [StringLength(127, MinimumLength = 1),
        RegularExpression(@"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+", ErrorMessage = "a media type such as video/mp4")]
    public required string MediaType { get; init; }

    /// <summary>SHA-256 that the content must have, 64 hex digits; null: not checked. Needed with an <see cref="IdempotencyKey"/>.</summary>
    [RegularExpression("[0-9A-Fa-f]{64}", ErrorMessage = "64 hex digits")]
    public string? Sha256 { get; init; }

    /// <summary>Pseudonym of the patient whose it is; null: not stated.</summary>
    [Identifier]
    public string? Patient { get; init; }

    /// <summary>Bytes of the content; null: not known beforehand.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>The content, in order; chunks of any size. A chunk is not used after the next one is asked for.</summary>
    public required IAsyncEnumerable<ReadOnlyMemory<byte>> Chunks { get; init; }

    /// <inheritdoc />
    [IdempotencyKey]
    public string? IdempotencyKey { get; init; }

    string? IAuditedMessage.AuditSubject => null;

    WorkEstimate IWorkMessage.Estimate => new() { WritesFiles = true, FileBytes = SizeBytes ?? 0, HoldsStream = true };

    void ICheckedMessage.Check(Violations violations)
    {
        if (IdempotencyKey is not null && Sha256 is null)
        {
            violations.Add("sha256", $"is missing", $"the SHA-256 of the content, which an idempotency key needs");
        }
    }

    string IIdempotentMessage.Fingerprint() => $"{FileName}\n{MediaType}\n{Sha256?.ToLowerInvariant()}{(Patient is null ? "" : "\n" + Patient)}";
}

internal sealed class UploadArtifactHandler(
    IArtifactStore artifacts, CallerContext context, StorageQuota quota, IdempotencyContext idempotency, DicomIndexer dicom)
    : IRequestHandler<UploadArtifact, Artifact>
{
    public async Task<Artifact> Handle(UploadArtifact request, CancellationToken cancellationToken)
    {
        Caller caller = context.Require();
        using StoragePlace place = await quota.ReserveAsync(caller, request.SizeBytes, cancellationToken).ConfigureAwait(false);
        NewArtifact artifact = new()
        {
            FileName = request.FileName,
            MediaType = request.MediaType,
            Owner = caller.Name,
            Tenant = caller.OwnTenant,
            Patient = request.Patient,
            Size = request.SizeBytes,
            ExpectedSha256 = request.Sha256,
            Claim = idempotency.Claim,
        };
        Artifact stored = await artifacts.AddAsync(artifact, place.WithinAsync(request.Chunks, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        place.Land();
        await dicom.NoteAsync(stored, caller, cancellationToken).ConfigureAwait(false);
        return stored;
    }
}
