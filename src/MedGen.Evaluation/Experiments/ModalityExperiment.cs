using MedGen.Datasets.Clips;
using MedGen.Evaluation.Metrics;
using MedGen.Phantoms;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using static TorchSharp.torch;

namespace MedGen.Evaluation.Experiments;

/// <summary>Modalities side by side: the same figures of every kind, against held-out clips of its own simulator.</summary>
/// <param name="media">Reader and writer.</param>
public sealed class ModalityExperiment(ExperimentMedia media)
{
    private const int PromptsPerKind = 4;

    /// <summary>Runs it.</summary>
    /// <param name="task">Model, judge, limit.</param>
    /// <param name="progress">Told what is done, from 0 to 1.</param>
    /// <param name="cancellationToken">Stops; finished clips stay.</param>
    /// <returns>What was found; the report lies in the output folder.</returns>
    /// <exception cref="InvalidInputException">The task is wrong.</exception>
    public async Task<ExperimentResult> RunAsync(ExperimentTask task, Action<string, double> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(progress);
        ClipShape shape = ExperimentClips.ShapeOf(task.Model);
        ExperimentPrompt[] prompts =
        [
            .. PhantomCatalog.All.SelectMany(phantom => Enumerable.Range(SimulatedClips.HeldOutSeed, PromptsPerKind)
                .Select(seed => phantom.Simulate(new PhantomRequest { Seed = seed }))
                .Select(clip => new ExperimentPrompt(phantom.Kind, clip.BriefCaption, new Concept(phantom.Kind, clip.Truth.Label))))
                .DistinctBy(prompt => prompt.Prompt),
        ];
        ExperimentClips clips = await ExperimentClips.MakeAsync(task, prompts, media, (what, share) => progress(what, 0.7 * share), cancellationToken)
            .ConfigureAwait(false);
        progress("comparing", 0.7);
        using JudgedConcepts judged = new(task);
        List<ModalityFigures> figures = [];
        foreach (IGrouping<string, (ExperimentPrompt Prompt, byte[] Pixels)> kind in clips.Clips.GroupBy(one => one.Prompt.Group))
        {
            cancellationToken.ThrowIfCancellationRequested();
            figures.Add(Compare(judged, kind.Key, [.. kind.Select(one => one.Pixels)], shape));
        }

        ExperimentResult result = new()
        {
            Name = "modalities",
            Question = "How good is the model at each kind of clip, against held-out clips of that kind's own simulator?",
            Origin = clips.Origin,
            Prompts = clips.Clips.Select(one => one.Prompt).Distinct().Count(),
            AllPrompts = clips.AllPrompts,
            Judges = judged.Names,
            Rows = [.. judged.Modalities(clips)],
            Figures = figures,
            Limits =
            [
                "The simulators are what the model learnt from; nearness to them is no nearness to patients.",
                "MMD of few clips is rough: compare it with the floor beside it, which two samples of simulated clips of that size reach.",
                .. judged.Unknown(prompts).Select(kind => $"The judge knows no modality of {kind}; it is in the figures alone."),
            ],
        };
        ExperimentReport.Write(task.Output, result);
        return result;
    }

    private static ModalityFigures Compare(JudgedConcepts judged, string kind, IReadOnlyList<byte[]> generated, ClipShape shape)
    {
        IPhantom phantom = PhantomCatalog.Get(kind);
        byte[][] Simulate(int firstSeed) =>
        [
            .. Enumerable.Range(firstSeed, generated.Count).Select(seed => SimulatedClips.Render(phantom.Simulate(new PhantomRequest
            {
                Seed = seed, Width = shape.Width, Height = shape.Height, NumFrames = shape.NumFrames, FramesPerSecond = shape.FramesPerSecond,
            }).Frames, shape)),
        ];
        byte[][] heldOut = Simulate(SimulatedClips.HeldOutSeed);
        byte[][] others = Simulate(SimulatedClips.ReferenceSeed);
        using var scope = NewDisposeScope();
        Tensor features = judged.Scoring.Features(heldOut); // [N, FeatureLength]
        return new ModalityFigures(
            kind, phantom.Modality, generated.Count,
            MaximumMeanDiscrepancy.Of(judged.Scoring.Features(generated), features),
            MaximumMeanDiscrepancy.Of(judged.Scoring.Features(others), features),
            MotionStatistics.Of(generated, shape.FrameBytes), MotionStatistics.Of(heldOut, shape.FrameBytes),
            generated.Average(clip => ClipQuality.Of(clip, shape).Sharpness), heldOut.Average(clip => ClipQuality.Of(clip, shape).Sharpness));
    }
}
