using System.Runtime.CompilerServices;
using MedGen.Sdk.Frames;
using MedGen.Phantoms.Procedures;

namespace MedGen.Classifiers.Training.SurgicalPhase;

/// <summary>Simulated cholecystectomies as videos: seeds and ranges of appearance of the splits are disjoint.</summary>
internal static class SimulatedProcedures
{
    private const int Side = 96;
    private const int SeedsPerSplit = 100_000;

    public static IReadOnlyList<PhaseVideo> Create(PhaseTrainingOptions options, PhaseSplitPlan.Counts counts) =>
    [
        .. Create(options, PhaseSplit.Train, counts.Train, AppearanceRange.Train),
        .. Create(options, PhaseSplit.Validation, counts.Validation, AppearanceRange.Validation),
        .. Create(options, PhaseSplit.Test, counts.Test, AppearanceRange.Test),
    ];

    private static IEnumerable<PhaseVideo> Create(PhaseTrainingOptions options, PhaseSplit split, int count, AppearanceRange appearance)
    {
        var drawing = new CholecystectomyOptions { Appearance = appearance, DurationScale = options.DurationScale };
        for (int i = 0; i < count; i++)
        {
            int seed = (options.Seed * 1_000_000) + ((int)split * SeedsPerSplit) + i;
            CholecystectomyProcedure procedure = CholecystectomyProcedure.Simulate(seed, drawing);
            yield return new PhaseVideo
            {
                Name = $"simulated-{appearance.Name}-{i + 1:000}",
                Origin = FormattableString.Invariant($"simulated: seed {seed}, durations scaled by {options.DurationScale}"),
                Split = split,
                Phases = [.. Enumerable.Range(0, procedure.FrameCount(1)).Select(second => (int)procedure.Timeline.At(second).Phase)],
                Frames = token => Read(procedure, token),
            };
        }
    }

    private static async IAsyncEnumerable<VideoFrame> Read(
        CholecystectomyProcedure procedure, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (VideoFrame frame in procedure.Frames(1, Side, Side))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return frame;
        }
    }
}
