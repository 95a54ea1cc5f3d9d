using System.Runtime.InteropServices;
using MedGen.Datasets.Augmentation;
using MedGen.Sdk.Augmentation;
using MedGen.Datasets.Clips;
using MedGen.Datasets.Filters;
using MedGen.Datasets.Reading;

namespace MedGen.Datasets.Running;

/// <summary>Writes down what is known of a judged clip.</summary>
internal static class ClipRecords
{
    /// <summary>Makes the record.</summary>
    public static ClipRecord Create(MadeClip made, string method, ClipOrigin origin, ClipJudge.Verdict verdict, AugmentationSpec spec)
    {
        PlannedClip plan = made.Plan;
        AugmentedClipDescription how = made.Description;
        DecodedClip[] used =
            [.. how.UsesSource ? (DecodedClip[])[plan.Source] : [],
                .. how.UsesPartner && plan.Partner is { } partner ? (DecodedClip[])[partner] : []];
        bool isKept = verdict.RejectReason is null;
        return new ClipRecord
        {
            Id = plan.Id,
            FileName = isKept ? ClipFiles.NameOf(plan, method, spec.Output.Format) : null,
            Class = plan.Class.Name,

            // Numbers are those of the clip that it comes from; a prompt knows of one class only.
            Label = how.UsesSource || spec.Labels.Type == LabelType.Numeric ? plan.Source.Item.Label! : plan.Class.Name,
            LabelWeights = how.LabelWeights.Count == 0 ? null : how.LabelWeights,
            Method = method,
            Origin = origin,
            DerivedFrom = [.. used.Select(clip => clip.Item.FileName)],
            Patients = [.. used.Select(clip => clip.Item.Group).Distinct()],
            Prompt = how.Prompt,
            NegativePrompt = how.NegativePrompt,
            Seed = plan.Seed,
            ModelHash = how.ModelHash,
            Adapter = how.Adapter,
            AdapterSha256 = how.AdapterSha256,
            Steps = how.Steps,
            GuidanceScale = how.GuidanceScale,
            Shift = how.Shift,
            Parameters = how.Parameters,
            Scores = verdict.Scores,
            NearestDistance = verdict.NearestDistance,
            NearestId = verdict.NearestId,
            FramesSha256 = made.Sha256,
            Descriptor = isKept ? Convert.ToBase64String(MemoryMarshal.AsBytes<float>(made.Descriptor)) : null,
            Kept = isKept,
            RejectReason = verdict.RejectReason,
        };
    }
}
