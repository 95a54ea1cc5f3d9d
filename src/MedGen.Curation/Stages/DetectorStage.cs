using MedGen.Curation.Clips;
using MedGen.Curation.Specifications;

namespace MedGen.Curation.Stages;

/// <summary>Faces and burned-in identifiers: what a detector flags is dropped, or kept with the flag in its line; never silently.</summary>
internal sealed class DetectorStage(IReadOnlyList<(DetectorSpec Spec, IFrameDetector Detector)> detectors) : ICurationStage
{
    public string Name => "faces and identifiers";

    public string? LeftOut => detectors.Count == 0
        ? "the specification names no detector: nobody has looked for faces and burned-in names"
        : null;

    public async Task<IReadOnlyList<CuratedClip>> RunAsync(ClipSource source, CuratedClip clip, CancellationToken cancellationToken)
    {
        CuratedClip judged = clip;
        foreach ((DetectorSpec spec, IFrameDetector detector) in detectors)
        {
            int flagged = await detector.CountFlaggedAsync(await source.OpenAsync(clip, cancellationToken).ConfigureAwait(false), cancellationToken)
                .ConfigureAwait(false);
            judged = judged.With($"{spec.Name}_frames", flagged);
            if (flagged > 0 && spec.Keep)
            {
                judged = judged with { Flags = [.. judged.Flags, spec.Name] };
            }
            else if (flagged > 0 && judged.IsAlive)
            {
                judged = judged.Reject(Name, $"{spec.Name} in {flagged} frames");
            }
        }

        return [judged];
    }
}
