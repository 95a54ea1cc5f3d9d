using MedGen.Application.Access;
using MedGen.Application.Admission;
using MedGen.Application.Auditing;
using MedGen.Application.Idempotency;
using MediatR;

namespace MedGen.Application.Artifacts;

/// <summary>Stores a file that arrives in chunks. Nothing is left behind when it does not arrive whole.</summary>
[RequiresRole(Role.Operator)]
public sealed record UploadArtifact : IRequest<Artifact>, IIdempotentMessage, IAuditedMessage, IWorkMessage
{
    /// <summary>Name for people, 1 to 255 characters, no folders.</summary>
    public required string FileName { get; init; }

    /// <summary>Media type, for instance <c>video/mp4</c>.</summary>
    public required string MediaType { get; init; }

    /// <summary>SHA-256 that the content must have, 64 hex digits; null: not checked. Needed with an <see cref="IdempotencyKey"/>.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The content, in order; chunks of any size. A chunk is not used after the next one is asked for.</summary>
    public required IAsyncEnumerable<ReadOnlyMemory<byte>> Chunks { get; init; }

    /// <inheritdoc />
    public string? IdempotencyKey { get; init; }

    string? IAuditedMessage.AuditSubject => null;

    WorkEstimate IWorkMessage.Estimate => new() { WritesFiles = true, HoldsStream = true };

    string IIdempotentMessage.Fingerprint() => $"{FileName}\n{MediaType}\n{Sha256?.ToLowerInvariant()}";
}
