using Google.Protobuf.WellKnownTypes;
using MedGen.Application.Artifacts;
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
        Provenance = artifact.Provenance?.ToProto(),
    };

    private static Proto.GenerationProvenance ToProto(this GenerationProvenance provenance) => new()
    {
        ProvenanceId = provenance.Id,
        JobId = provenance.JobId,
        Model = provenance.Model,
        ModelHash = provenance.ModelHash,
        ModelDataType = provenance.ModelDataType ?? "",
        ModelIsTrained = provenance.ModelIsTrained,
        PromptSha256 = provenance.PromptSha256,
        NegativePromptSha256 = provenance.NegativePromptSha256 ?? "",
        Width = provenance.Width,
        Height = provenance.Height,
        NumFrames = provenance.NumFrames,
        FramesPerSecond = provenance.FramesPerSecond,
        Seed = provenance.Seed,
        Scheduler = provenance.Scheduler,
        NumInferenceSteps = provenance.NumInferenceSteps,
        GuidanceScale = provenance.GuidanceScale,
        Shift = provenance.Shift,
        SourceSha256 = provenance.SourceSha256 ?? "",
        Strength = provenance.Strength ?? 0,
        Adapter = provenance.Adapter ?? "",
        AdapterSha256 = provenance.AdapterSha256 ?? "",
        AdapterScale = provenance.AdapterScale ?? 0,
        Acceleration = provenance.Acceleration?.ToProto(),
        PluginId = provenance.PluginId,
        PluginVersion = provenance.PluginVersion,
        PlatformVersion = provenance.PlatformVersion,
        SdkVersion = provenance.SdkVersion,
        CreatedAt = Timestamp.FromDateTimeOffset(provenance.CreatedAt),
    };
}
