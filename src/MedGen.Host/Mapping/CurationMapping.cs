using MedGen.Application.Curation;
using MedGen.Datasets.Augmentation;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Mapping;

internal static class CurationMapping
{
    public static CurateVideos ToMessage(this Proto.CurateVideosRequest request) => new()
    {
        DataFolder = request.Folders?.DataFolder ?? "",
        ListFile = request.ListFile.NullIfEmpty(),
        OutputFolder = request.Folders?.OutputFolder ?? "",
        Mode = request.Folders?.Mode.ToMessage() ?? OutputMode.New,
        Spec = request.SpecJson,
        Priority = (request.Options?.Priority ?? Proto.JobPriority.Unspecified).ToMessage(),
        Timeout = request.Options?.Timeout.ToTimeSpan("options.timeout"),
        IdempotencyKey = request.Options?.IdempotencyKey.NullIfEmpty(),
    };

    public static Proto.CurationSummary ToProto(this VideosCurated curated) => new()
    {
        Films = curated.Films,
        Clips = curated.Clips,
        Seconds = curated.Seconds,
        Splits = { curated.Splits.ToDictionary() },
        Funnel =
        {
            curated.Funnel.Select(step => new Proto.CurationStep
            {
                Stage = step.Stage, Unit = step.Unit, Before = step.Before, After = step.After, LeftOut = step.LeftOut ?? "",
            }),
        },
        Warnings = { curated.Warnings },
    };
}
