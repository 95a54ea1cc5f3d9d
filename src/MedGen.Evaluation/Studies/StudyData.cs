using MedGen.Sdk.Frames;
using MedGen.Sdk.Errors;
using MedGen.Datasets.Clips;
using MedGen.Datasets.Reading;
using MedGen.Media;

namespace MedGen.Evaluation.Studies;

/// <summary>All clips of a study as features.</summary>
/// <param name="Train">Real training clips.</param>
/// <param name="Validation">Real validation clips, for the choice of the penalty.</param>
/// <param name="Test">Real test clips.</param>
/// <param name="Pools">Made clips by pool.</param>
internal sealed record StudyData(
    IReadOnlyList<StudyExample> Train, IReadOnlyList<StudyExample> Validation, IReadOnlyList<StudyExample> Test,
    IReadOnlyDictionary<string, IReadOnlyList<StudyExample>> Pools)
{
    /// <summary>How the report names what the classifier sees.</summary>
    public const string FeatureName = ClipDescriptor.Name + "; sharpness, brightness, motion and flicker";

    /// <summary>Reads and describes all clips.</summary>
    /// <exception cref="InvalidInputException">A clip cannot be read.</exception>
    public static async Task<StudyData> ReadAsync(
        StudySpec spec, IReadOnlyList<DatasetItem> items, IReadOnlyDictionary<string, IReadOnlyList<DatasetItem>> pools, IVideoReader reader,
        Action<string, double> progress, CancellationToken cancellationToken)
    {
        ClipShape shape = spec.Clip;
        (string Pool, DatasetItem Item)[] all =
            [.. items.Select(item => ("", item)), .. pools.SelectMany(pool => pool.Value.Select(item => (pool.Key, item)))];
        StudyExample[] examples = new StudyExample[all.Length];
        int done = 0;
        await Parallel.ForAsync(0, all.Length, cancellationToken, async (i, token) =>
        {
            DatasetItem item = all[i].Item;
            byte[] pixels = await ClipDecoding.ReadAsync(reader, item.FullPath, shape, token).ConfigureAwait(false)
                ?? throw new InvalidInputException(
                "data", $"'{item.FileName}' is a still, or shorter than {shape.NumFrames} frames at {shape.FramesPerSecond} a second.");
            bool isMade = all[i].Pool.Length > 0;
            string[] sources = isMade ? (item.PatientId ?? "").Split('|', StringSplitOptions.RemoveEmptyEntries) : [];
            examples[i] = new StudyExample(spec.Labels.ClassesOf(item)[0], isMade ? "" : item.Group, sources, Describe(pixels, shape));
            progress("reading clips", (double)Interlocked.Increment(ref done) / all.Length);
        }).ConfigureAwait(false);
        IReadOnlyList<StudyExample> Of(DatasetSplit split) => [.. examples.Where((_, i) => all[i].Pool.Length == 0 && all[i].Item.Split == split)];
        return new StudyData(
            Of(DatasetSplit.Train), Of(DatasetSplit.Validation), Of(DatasetSplit.Test),
            pools.Keys.ToDictionary(name => name, name => (IReadOnlyList<StudyExample>)[.. examples.Where((_, i) => all[i].Pool == name)]));
    }

    private static double[] Describe(byte[] pixels, ClipShape shape)
    {
        ClipQuality quality = ClipQuality.Of(pixels, shape);
        return [.. ClipDescriptor.Of(pixels, shape).Select(value => (double)value),
            .. new[] { quality.Sharpness, quality.Brightness, quality.Motion, quality.Flicker }.Select(value => Math.Log(1 + value) / 10)];
    }
}
