using Google.Protobuf.WellKnownTypes;
using MedGen.Application.Artifacts;
using MedGen.Application.Erasure;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Generation;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Mapping;

internal static class ArtifactMapping
{
    public static Proto.Artifact ToProto(this Artifact artifact) => new()
    {
        ArtifactId = artifact.Id,
        Sha256 = artifact.Sha256,
        Name = artifact.FileName,
        MediaType = artifact.MediaType,
        SizeBytes = artifact.Size,
        CreatedAt = Timestamp.FromDateTimeOffset(artifact.CreatedAt),
        Synthetic = artifact.Synthetic,
        Owner = artifact.Owner,
        Tenant = artifact.Tenant,
        SignedProvenance = artifact.SignedProvenance ?? "",
        Provenance = artifact.Provenance?.ToProto(),
        Kind = artifact.Kind.ToProto(),
        PatientPseudonym = artifact.Patient ?? "",
        JobId = artifact.JobId ?? artifact.Provenance?.JobId ?? "",
        Hold = artifact.Hold is { } hold
            ? new Proto.LegalHold { By = hold.By, At = Timestamp.FromDateTimeOffset(hold.At), Reason = hold.Reason }
            : null,
    };

    public static Proto.ErasureReceipt ToProto(this ErasureReceipt receipt) => new()
    {
        ErasureId = receipt.Id,
        Time = Timestamp.FromDateTimeOffset(receipt.Time),
        By = receipt.By,
        DryRun = receipt.DryRun,
        Artifacts =
        {
            receipt.Artifacts.Select(artifact => new Proto.ErasedArtifact
            {
                ArtifactId = artifact.ArtifactId,
                Kind = artifact.Kind.ToProto(),
                Sha256 = artifact.Sha256,
                SizeBytes = artifact.Size,
                ContentStays = artifact.ContentStays,
            }),
        },
        JobIds = { receipt.Jobs },
        Kept = { receipt.Kept.Select(ToProto) },
        Emptied = { receipt.Emptied },
        NotReached = { receipt.NotReached.Select(ToProto) },
    };

    private static Proto.KeptThing ToProto(KeptThing kept) => new() { Thing = kept.Thing, Reason = kept.Reason };

    public static ArtifactKind? ToMessage(this Proto.ArtifactKind kind) => kind switch
    {
        Proto.ArtifactKind.Unspecified => null,
        Proto.ArtifactKind.Upload => ArtifactKind.Upload,
        Proto.ArtifactKind.GeneratedClip => ArtifactKind.GeneratedClip,
        Proto.ArtifactKind.AugmentedDataset => ArtifactKind.AugmentedDataset,
        _ => throw new InvalidInputException("kind", $"Got {(int)kind}, which is no kind of artifact; allowed are 1 to 3, or 0 for all."),
    };

    /// <exception cref="InvalidInputException">It is out of proto's range.</exception>
    public static DateTimeOffset? ToTime(this Timestamp? timestamp, string field)
    {
        try
        {
            return timestamp?.ToDateTimeOffset();
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentOutOfRangeException)
        {
            throw new InvalidInputException(
                field, $"Got {timestamp!.Seconds} s and {timestamp.Nanos} ns, which is no valid google.protobuf.Timestamp.");
        }
    }

    private static Proto.ArtifactKind ToProto(this ArtifactKind kind) => Namesakes<ArtifactKind, Proto.ArtifactKind>.Of(kind);

    private static Proto.GenerationProvenance ToProto(this GenerationProvenance provenance) => new()
    {
        ProvenanceId = provenance.Id,
        JobId = provenance.JobId,
        Model = provenance.Model,
        ModelHash = provenance.ModelHash,
        ModelDataType = provenance.ModelDataType ?? "",
        ModelKernels = provenance.ModelKernels ?? "",
        ModelIsTrained = provenance.ModelIsTrained,
        PromptSha256 = provenance.PromptSha256 ?? "",
        PromptHash = provenance.PromptHash ?? "",
        NegativePromptHash = provenance.NegativePromptHash ?? "",
        NegativePromptSha256 = provenance.NegativePromptSha256 ?? "",
        Width = provenance.Width,
        Height = provenance.Height,
        NumFrames = provenance.NumFrames,
        FramesPerSecond = provenance.FramesPerSecond,
        Seed = provenance.Seed,
        Scheduler = provenance.Scheduler,
        NumInferenceSteps = provenance.NumInferenceSteps,
        GuidanceScale = provenance.GuidanceScale,
        LowNoiseGuidanceScale = provenance.LowNoiseGuidanceScale,
        Shift = provenance.Shift,
        GeneratorOptionsHash = provenance.OptionsHash ?? "",
        SourceSha256 = provenance.SourceSha256 ?? "",
        Strength = provenance.Strength ?? 0,
        FirstFrameSha256 = provenance.FirstFrameSha256 ?? "",
        FirstFrameFit = provenance.FirstFrameFit is { } fit
            ? Namesakes<FirstFrameFit, Proto.FirstFrameFit>.Of(fit)
            : Proto.FirstFrameFit.Unspecified,
        Adapter = provenance.Adapter ?? "",
        AdapterSha256 = provenance.AdapterSha256 ?? "",
        AdapterScale = provenance.AdapterScale ?? 0,
        Adapters = { (provenance.Adapters ?? []).Select(ToProto) },
        Acceleration = provenance.Acceleration?.ToProto(),
        PluginId = provenance.PluginId,
        PluginVersion = provenance.PluginVersion,
        PlatformVersion = provenance.PlatformVersion,
        SdkVersion = provenance.SdkVersion,
        CreatedAt = Timestamp.FromDateTimeOffset(provenance.CreatedAt),
    };

    private static Proto.AdapterRecord ToProto(AdapterRecord adapter) => new()
    {
        Name = adapter.Name,
        Sha256 = adapter.Sha256,
        Strength = adapter.Strength,
        LowNoiseStrength = adapter.LowNoiseStrength,
        Expert = adapter.Expert is { } expert ? Namesakes<AdapterExpert, Proto.AdapterExpert>.Of(expert) : Proto.AdapterExpert.Unspecified,
    };
}
