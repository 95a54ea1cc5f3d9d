using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Datasets.Clips;
using MedGen.Datasets.Reading;
using MedGen.Media;
using MedGen.Media.Images;

namespace MedGen.Evaluation.Studies;

/// <summary>Shows real training clips and clips of every pool, the classes in turns, as the classifier gets them.</summary>
internal static class SampleSheet
{
    /// <summary>Clips shown of each pool.</summary>
    public const int ClipsPerPool = 4;

    /// <summary>Frames shown of each clip.</summary>
    public const int FramesPerClip = 4;

    private const string Real = "real";
    private const int Gap = 2;
    private const int HashDigits = 8;

    /// <summary>Reads and draws the samples.</summary>
    /// <exception cref="InvalidInputException">A clip cannot be read.</exception>
    public static async Task<IReadOnlyList<StudySample>> DrawAsync(
        StudySpec spec, IReadOnlyList<DatasetItem> items, IReadOnlyDictionary<string, IReadOnlyList<DatasetItem>> pools, IVideoReader reader,
        CancellationToken cancellationToken)
    {
        ClipShape shape = spec.Clip;
        List<StudySample> samples = [];
        foreach ((int number, (string pool, IEnumerable<DatasetItem> own)) in
            pools.Select(pool => (pool.Key, (IEnumerable<DatasetItem>)pool.Value))
                .Prepend((Real, items.Where(item => item.Split == DatasetSplit.Train))).Index())
        {
            foreach ((int place, DatasetItem item) in Choose(own, spec.Labels).Index())
            {
                byte[] pixels = await ClipDecoding.ReadAsync(reader, item.FullPath, shape, cancellationToken).ConfigureAwait(false)
                    ?? throw new InvalidInputException(
                        "data", $"'{item.FileName}' is a still, or shorter than {shape.NumFrames} frames at {shape.FramesPerSecond} a second.");
                string? prompt = item.Columns.GetValueOrDefault("prompt") ?? item.Caption;
                samples.Add(new StudySample
                {
                    Pool = pool,
                    Label = item.Label ?? "",
                    Prompt = prompt,
                    Source = number == 0 ? RealSource(item) : MadeSource(item),
                    FileName = $"samples/{number}-{place + 1}.png",
                    Png = Strip(pixels, shape),
                });
            }
        }

        return samples;
    }

    /// <summary>Some clips of each class in turns: the first of every class, then the second, and so on.</summary>
    internal static IEnumerable<DatasetItem> Choose(IEnumerable<DatasetItem> items, LabelScheme labels) => items
        .GroupBy(item => labels.ClassesOf(item)[0]).SelectMany(
            own => own.OrderBy(item => item.FileName, StringComparer.Ordinal).Index().Select(one => (Class: own.Key, Turn: one.Index, one.Item)))
        .OrderBy(one => one.Turn).ThenBy(one => one.Class, StringComparer.Ordinal).Take(ClipsPerPool).Select(one => one.Item);

    /// <summary>Frames from first to last beside each other, white between them.</summary>
    internal static byte[] Strip(byte[] pixels, ClipShape shape)
    {
        int[] frames = [.. Enumerable.Range(0, FramesPerClip).Select(i => i * (shape.NumFrames - 1) / (FramesPerClip - 1)).Distinct()];
        int width = (frames.Length * (shape.Width + Gap)) - Gap;
        byte[] strip = new byte[width * shape.Height * 3];
        Array.Fill(strip, byte.MaxValue);
        int line = shape.Width * 3;
        foreach ((int column, int frame) in frames.Index())
        {
            for (int y = 0; y < shape.Height; y++)
            {
                pixels.AsSpan((frame * shape.FrameBytes) + (y * line), line).CopyTo(strip.AsSpan(((y * width) + (column * (shape.Width + Gap))) * 3));
            }
        }

        return FrameImage.EncodePng(VideoFrame.Wrap(strip, width, shape.Height), null);
    }

    private static string RealSource(DatasetItem item) => $"data set, {item.FileName}{Credit(item)}";

    private static string MadeSource(DatasetItem item)
    {
        string Cell(string name) => item.Columns.GetValueOrDefault(name, "");
        string model = Cell("model_hash") is { Length: > HashDigits } hash ? $", model {hash[..HashDigits]}" : "";
        string sources = Cell("derived_from") is { Length: > 0 } names ? $" from {names.Replace("|", ", ", StringComparison.Ordinal)}" : "";
        return $"{Cell("origin")} by {Cell("method")}{sources}{model}, seed {Cell("seed")}{Credit(item)}";
    }

    private static string Credit(DatasetItem item) =>
        string.Concat(new[] { item.Attribution, item.Licence }.Where(text => text is not null).Select(text => $"; {text}"));
}
