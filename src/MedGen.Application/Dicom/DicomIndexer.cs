using System.Text.Json;
using MedGen.Application.Access;
using MedGen.Application.Artifacts;
using MedGen.Application.Dicom.Rules;
using MedGen.Dicom.Web;
using MedGen.Sdk.Errors;
using Microsoft.Extensions.Logging;

namespace MedGen.Application.Dicom;

/// <summary>Notes what artifacts are in DICOM, so that they can be queried, and that their studies have got something new.</summary>
internal sealed class DicomIndexer(IArtifactStore artifacts, IDicomStore store, IDicomRules rules, StudyClock clock, TimeProvider time,
    ILogger<DicomIndexer> logger)
{
    // What has lain here longer, from before there were rules, is no study that comes in.
    private static readonly TimeSpan Recent = TimeSpan.FromDays(1);

    /// <summary>Media type of DICOM files (RFC 3240).</summary>
    public const string MediaType = "application/dicom";

    /// <summary>Notes an artifact, if it says that it is DICOM.</summary>
    /// <param name="artifact">The artifact.</param>
    /// <param name="sender">Who sent it; null: a result of ours, which no rule looks at.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task NoteAsync(Artifact artifact, Caller? sender, CancellationToken cancellationToken)
    {
        if (!artifact.MediaType.Equals(MediaType, StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        InstanceHeader? header = null;
        try
        {
            header = InstanceHeader.Read(await artifacts.GetVerifiedPathAsync(artifact, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception error) when (error is MediaException or JsonException or IOException)
        {
            Log.DicomNotRead(logger, artifact.Id, error.GetType().Name);
        }

        DicomInstance instance = DicomInstance.Of(artifact, header) with { IsResult = sender is null };
        DateTimeOffset now = time.GetUtcNow();
        DicomStudy? arrival = sender is null || instance.Identity is null || now - artifact.CreatedAt > Recent || rules.Current is not { } file
            ? null : new DicomStudy
        {
            Id = Guid.CreateVersion7(now).ToString("N"),
            Study = instance.Identity.Study,
            Owner = instance.Owner,
            Tenant = instance.Tenant,
            Roles = sender.Roles,
            FirstReceivedAt = now,
            LastReceivedAt = now,
            DueAt = now + file.QuietTime,
        };
        await store.AddInstanceAsync(instance, arrival, cancellationToken).ConfigureAwait(false);
        if (arrival is not null)
        {
            clock.Call();
        }
    }
}
