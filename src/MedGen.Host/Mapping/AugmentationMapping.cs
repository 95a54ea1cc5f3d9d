using Google.Protobuf.WellKnownTypes;
using MedGen.Application.Augmentation;
using MedGen.Application.Jobs;
using MedGen.Datasets.Augmentation;
using MedGen.Sdk.Errors;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Mapping;

internal static class AugmentationMapping
{
    public static AugmentDataset ToMessage(this Proto.AugmentDatasetRequest request) => new()
    {
        DatasetArtifactId = request.DatasetArtifactId.NullIfEmpty(),
        DataFolder = request.Folders?.DataFolder.NullIfEmpty(),
        OutputFolder = request.Folders?.OutputFolder.NullIfEmpty(),
        Mode = request.Folders?.Mode.ToMessage() ?? OutputMode.New,
        Spec = request.SpecJson,
        PluginId = request.PluginId.NullIfEmpty(),
        Priority = (request.Options?.Priority ?? Proto.JobPriority.Unspecified).ToMessage(),
        Timeout = request.Options?.Timeout.ToTimeSpan("options.timeout"),
        IdempotencyKey = request.Options?.IdempotencyKey.NullIfEmpty(),
    };

    public static Proto.AugmentationYield ToProto(this AugmentationAdvanced advanced) => new()
    {
        Made = advanced.Made,
        Kept = advanced.Kept,
        Wanted = advanced.Wanted,
        Rejected = { advanced.Rejected.ToDictionary() },
        Remaining = advanced.Remaining is { } remaining ? Duration.FromTimeSpan(remaining) : null,
    };

    public static Proto.AugmentationSummary ToProto(this DatasetAugmented augmented) => new()
    {
        Real = augmented.Real,
        Made = augmented.Made,
        Kept = augmented.Kept,
        Rejected = { augmented.Rejected.ToDictionary() },
        Classes =
            { augmented.Classes.Select(one =>
                new Proto.AugmentedClass { Name = one.Name, RealTraining = one.RealTraining, Wanted = one.Wanted, Kept = one.Kept }) },
        Unreadable = augmented.Unreadable,
        PassedOver = { augmented.PassedOver.ToDictionary() },
        PrivacyLimit = augmented.PrivacyLimit,
        LearntPrivacy = augmented.Reidentification is { } learnt ? ToProto(learnt) : null,
    };

    private static Proto.LearntPrivacy ToProto(ReidentificationReport learnt) => new()
    {
        NotMade = learnt.NotMade ?? "",
        FittedPatients = learnt.FittedPatients,
        HeldOutPatients = learnt.HeldOutPatients,
        Limit = learnt.Limit,
        Found = { learnt.Found.ToDictionary() },
    };

    public static OutputMode ToMessage(this Proto.OutputMode mode) => mode switch
    {
        Proto.OutputMode.Unspecified or Proto.OutputMode.New => OutputMode.New,
        Proto.OutputMode.Resume => OutputMode.Resume,
        Proto.OutputMode.Overwrite => OutputMode.Overwrite,
        _ => throw new InvalidInputException("folders.mode", $"Got {(int)mode}, which is no mode; allowed: 1 to 3, or 0 for new."),
    };
}
