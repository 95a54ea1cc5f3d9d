using MedGen.Evaluation.Generation;
using MedGen.Phantoms;
using MedGen.Sdk.Frames;
using static TorchSharp.torch;

namespace MedGen.Evaluation.Experiments;

/// <summary>
/// Tells the label of a clip whose kind is known: the nearest mean of simulated clips of each label, in the modality classifier's features (whole
/// frame, mean over frames), each feature over its deviation in the kind. Simple, and no better than its answers on held-out simulated clips, which
/// every report shows beside those on generated ones.
/// </summary>
internal sealed class ConceptJudge(ClipScoring scoring, ClipShape shape, int references)
{
    /// <summary>What a reader of its answers must know.</summary>
    public const string Limit = "Labels of one kind are told apart by the nearest mean of simulated clips. Where the ceiling is near chance, the "
        + "judge cannot tell them, and the row says nothing of the model.";

    private readonly Dictionary<string, (string[] Labels, double[][] Means, double[] Deviations)> _kinds = [];

    /// <summary>Labels of a kind; chance is one in so many.</summary>
    public static int LabelsOf(string kind) => PhantomCatalog.Get(kind).Labels.Count;

    /// <summary>Tells the label.</summary>
    /// <param name="kind">The kind that the clip is of.</param>
    /// <param name="clip">[T, H, W, 3] bytes.</param>
    public string Tell(string kind, byte[] clip)
    {
        (string[] labels, double[][] means, double[] deviations) = Kind(kind);
        double[] features = Features([clip])[0];
        return labels[Nearest(means, deviations, features)];
    }

    /// <summary>The place of the mean that lies nearest, each feature over its deviation.</summary>
    internal static int Nearest(double[][] means, double[] deviations, double[] features) => means.Index().MinBy(mean =>
        mean.Item.Select((value, i) => Math.Pow((value - features[i]) / deviations[i], 2)).Sum()).Index;

    private (string[] Labels, double[][] Means, double[] Deviations) Kind(string kind)
    {
        if (!_kinds.TryGetValue(kind, out (string[] Labels, double[][] Means, double[] Deviations) known))
        {
            string[] labels = [.. PhantomCatalog.Get(kind).Labels];
            double[][][] samples =
            [
                .. labels.Select(label => Features(
                [
                    .. SimulatedClips.Find(new Concept(kind, label), references, SimulatedClips.ReferenceSeed, shape)
                        .Select(clip => SimulatedClips.Render(clip.Frames, shape)),
                ])),
            ];
            double[][] means = [.. samples.Select(Mean)];

            // Within the labels, so that what sets them apart counts.
            double[] deviations =
            [
                .. Enumerable.Range(0, means[0].Length).Select(i => 1e-6 + Math.Sqrt(
                    samples.Zip(means).SelectMany(one => one.First.Select(sample => Math.Pow(sample[i] - one.Second[i], 2))).Average())),
            ];
            _kinds[kind] = known = (labels, means, deviations);
        }

        return known;
    }

    private static double[] Mean(double[][] samples) => [.. Enumerable.Range(0, samples[0].Length).Select(i => samples.Average(sample => sample[i]))];

    private double[][] Features(IReadOnlyList<byte[]> clips)
    {
        using var scope = NewDisposeScope();
        Tensor features = scoring.Features(clips); // [N, FeatureLength]
        double[] values = features.contiguous().data<double>().ToArray();
        return [.. values.Chunk(values.Length / clips.Count)];
    }
}
