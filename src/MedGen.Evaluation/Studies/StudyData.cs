using MedGen.Sdk.Errors;
using MedGen.Datasets.Clips;
using MedGen.Datasets.Reading;
using MedGen.Media;

namespace MedGen.Evaluation.Studies;

/// <summary>All clips of a study as features.</summary>
/// <param name="Train">Real training clips.</param>
/// <param name="Validation">Real validation clips, for the choice of the penalty.</param>
/// <param name="Test">Real test clips.</param>
/// <param name="External">Real clips of another source.</param>
/// <param name="Pools">Made clips by pool.</param>
internal sealed record StudyData(
    IReadOnlyList<StudyExample> Train, IReadOnlyList<StudyExample> Validation, IReadOnlyList<StudyExample> Test,
    IReadOnlyList<StudyExample> External, IReadOnlyDictionary<string, IReadOnlyList<StudyExample>> Pools)
{
    /// <summary>Reads and describes all clips.</summary>
    /// <exception cref="InvalidInputException">A clip cannot be read.</exception>
    public static async Task<StudyData> ReadAsync(
        StudySpec spec, StudyInputs inputs, IClipFeatures features, IVideoReader reader, Action<string, double> progress,
        CancellationToken cancellationToken)
    {
        int all = inputs.Items.Count + inputs.External.Count + inputs.Pools.Values.Sum(pool => pool.Count);
        int done = 0;
        StudyExample[] real = await DescribeAsync(inputs.Items, "data", isMade: false).ConfigureAwait(false);
        StudyExample[] external = await DescribeAsync(inputs.External, "external", isMade: false).ConfigureAwait(false);
        Dictionary<string, IReadOnlyList<StudyExample>> pools = [];
        foreach ((string name, IReadOnlyList<DatasetItem> items) in inputs.Pools)
        {
            pools[name] = await DescribeAsync(items, "pools", isMade: true).ConfigureAwait(false);
        }

        return new StudyData(Of(DatasetSplit.Train), Of(DatasetSplit.Validation), Of(DatasetSplit.Test), external, pools);

        StudyExample[] Of(DatasetSplit split) => [.. real.Where((_, i) => inputs.Items[i].Split == split)];

        async Task<StudyExample[]> DescribeAsync(IReadOnlyList<DatasetItem> items, string field, bool isMade)
        {
            StudyExample[] examples = new StudyExample[items.Count];
            await Parallel.ForAsync(0, items.Count, cancellationToken, async (i, token) =>
            {
                DatasetItem item = items[i];
                byte[] pixels = await ClipDecoding.ReadAsync(reader, item.FullPath, spec.Clip, token).ConfigureAwait(false)
                    ?? throw new InvalidInputException(
                        field,
                        $"'{item.FileName}' is a still, or shorter than {spec.Clip.NumFrames} frames at {spec.Clip.FramesPerSecond} a second.");
                string[] sources = isMade ? (item.PatientId ?? "").Split('|', StringSplitOptions.RemoveEmptyEntries) : [];
                examples[i] = new StudyExample(
                    spec.Labels.ClassesOf(item)[0], isMade ? "" : item.Group, sources, features.Of(pixels, spec.Clip), item.FullPath)
                {
                    Number = spec.Outcome == StudyOutcome.Number ? StudyNumbers.Of(spec, item) : double.NaN,
                };
                progress("reading clips", (double)Interlocked.Increment(ref done) / all);
            }).ConfigureAwait(false);
            return examples;
        }
    }
}
