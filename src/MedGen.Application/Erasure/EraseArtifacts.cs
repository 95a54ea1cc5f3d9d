using MedGen.Application.Access;
using MedGen.Application.Auditing;
using MedGen.Application.Jobs;
using MedGen.Application.Validation;
using MedGen.Sdk.Errors;
using MediatR;

namespace MedGen.Application.Erasure;

/// <summary>
/// Erases an artifact, or everything of an owner or a patient, with all that was derived from it: artifacts that jobs have made of it, and these jobs
/// with their prompts, events and checkpoints. Exactly one target is given.
/// </summary>
public sealed record EraseArtifacts : IRequest<ErasureReceipt>, IAuditedMessage, ICheckedMessage
{
    /// <summary>This artifact; null: another target.</summary>
    [Identifier]
    public string? ArtifactId { get; init; }

    /// <summary>Everything of this caller; null: another target.</summary>
    [PlainName]
    public string? Owner { get; init; }

    /// <summary>Everything of this patient, by pseudonym; null: another target.</summary>
    [Identifier]
    public string? Patient { get; init; }

    /// <summary>Whether to say only what would be erased.</summary>
    public bool DryRun { get; init; }

    // Not the pseudonym: the audit log stays when the patient's things are gone.
    string? IAuditedMessage.AuditSubject => ArtifactId is null ? null : $"artifact:{ArtifactId}";

    void ICheckedMessage.Check(Violations violations)
    {
        int targets = new[] { ArtifactId, Owner, Patient }.Count(target => target is not null);
        violations.Require(targets == 1, "target", $"got {targets} targets", $"one of artifact_id, owner and patient_pseudonym");
    }
}

internal sealed class EraseArtifactsHandler(IErasure erasure, CallerContext caller, JobFeed feed)
    : IRequestHandler<EraseArtifacts, ErasureReceipt>
{
    public async Task<ErasureReceipt> Handle(EraseArtifacts request, CancellationToken cancellationToken)
    {
        ErasureTarget target = new() { ArtifactId = request.ArtifactId, Owner = request.Owner, Patient = request.Patient };
        ErasureReceipt receipt = await erasure.EraseAsync(target, caller.Require().Name, request.DryRun, cancellationToken).ConfigureAwait(false);
        foreach (string job in request.DryRun ? [] : receipt.Jobs)
        {
            feed.Publish(job);
        }

        return receipt;
    }
}
