using MedGen.Classifiers.Frames;
using MedGen.Classifiers.Modality;
using MedGen.Datasets.Classifiers;
using MedGen.Datasets.Reading;
using MedGen.Media;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using static TorchSharp.torch;

namespace MedGen.Curation.Networks;

/// <summary>
/// Fits the medical head on folders with <c>manifest.csv</c>, of which those with the code <c>unknown</c> are everyday pictures, and says how it does
/// on sources that it has not seen.
/// </summary>
public sealed class MedicalHeadTrainer
{
    private const string Medical = "medical";
    private const string Everyday = "everyday";
    private const int Folds = 5;
    private const double Penalty = 0.01;
    private const int Steps = 400;
    private const int FramesPerClip = 8;

    private readonly IVideoReader _reader;
    private readonly string _weights;

    /// <summary>Prepares.</summary>
    /// <param name="reader">Decodes.</param>
    /// <param name="weights">Weights file of the modality classifier, whose features are used.</param>
    public MedicalHeadTrainer(IVideoReader reader, string weights) => (_reader, _weights) = (reader, weights);

    /// <summary>Fits and evaluates.</summary>
    /// <param name="folders">Data folders.</param>
    /// <param name="show">Told the file and the share that is done.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The head over all files whose licence lets weights be given away, and its figures by source never seen over all files.</returns>
    /// <exception cref="InvalidInputException">A manifest is wrong, or one of the two kinds has fewer than two sources.</exception>
    public async Task<MedicalHeadResult> TrainAsync(IReadOnlyList<string> folders, Action<string, double> show, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(folders);
        ArgumentNullException.ThrowIfNull(show);
        (string Folder, ModalityItem Item)[] items =
            [.. folders.SelectMany(folder => ModalityManifest.Read(folder).Where(item => item.Kind != "dicom").Select(item => (folder, item)))];
        List<Example> examples = [];
        (_, string hash) = ModalityNetwork.ReadMetadata(_weights);
        using (ModalityNetwork network = ModalityNetwork.Load(_weights, CPU))
        {
            foreach ((int index, (string folder, ModalityItem item)) in items.Index())
            {
                show(item.Path, (double)index / items.Length);
                double[][] frames = await FeaturesAsync(network, Path.Combine(folder, item.Path), cancellationToken).ConfigureAwait(false);
                string label = item.ModalityCode == ModalityManifest.NoModality ? Everyday : Medical;
                examples.AddRange(frames.Select(features =>
                    new Example(item, label, features, 1.0 / frames.Length, TrainingLicence.IsPermissive(item.Licence))));
            }
        }

        foreach (string label in new[] { Medical, Everyday })
        {
            int sources = examples.Where(one => one.Label == label).Select(one => one.Item.Source).Distinct().Count();
            if (sources < 2)
            {
                throw new InvalidInputException(
                    "data", $"has {sources} sources of {label} pictures; allowed: 2 or more, so that one can be held out.");
            }
        }

        MedicalHeadResult figures = Evaluate(examples);
        Example[] free = [.. examples.Where(one => one.IsPermissive)];
        int trainedOn = free.Select(one => one.Item.Path).Distinct().Count();
        return figures with { Head = Head(Fit(free), free[0].Features.Length, hash), TrainedOn = trainedOn };
    }

    // Whole sources by their name, so that no picture is asked of a head that has seen its source.
    private static MedicalHeadResult Evaluate(List<Example> examples)
    {
        List<(Example Example, double Probability)> answers = [];
        for (int fold = 0; fold < Folds; fold++)
        {
            ILookup<bool, Example> parts = examples.ToLookup(one => (int)(PatientSplit.Fraction(one.Item.Source) * Folds) == fold);
            if (parts[true].Any())
            {
                SoftmaxRegression head = Fit([.. parts[false]]);
                answers.AddRange(parts[true].Select(one => (one, head.Predict(one.Features)[Array.IndexOf([.. head.Labels], Medical)])));
            }
        }

        (ModalityItem Item, string Label, double Probability)[] clips =
        [
            .. answers.GroupBy(one => one.Example.Item)
                .Select(clip => (clip.Key, clip.First().Example.Label, clip.Average(one => one.Probability))),
        ];
        return new MedicalHeadResult
        {
            Head = null!,
            TrainedOn = 0,
            Medical = clips.Count(one => one.Label == Medical),
            Everyday = clips.Count(one => one.Label == Everyday),
            MedicalKept = clips.Count(one => one.Label == Medical && one.Probability >= 0.5),
            EverydayKept = clips.Count(one => one.Label == Everyday && one.Probability >= 0.5),
            Sources = clips.Select(one => one.Item.Source).Distinct().Count(),
        };
    }

    private static SoftmaxRegression Fit(Example[] examples) => SoftmaxRegression.Fit(
        [.. examples.Select(one => one.Features)], [.. examples.Select(one => one.Label)], Penalty, Steps, [.. examples.Select(one => one.Weight)]);

    // The log-odds are affine in the features: their values at zero and at each unit vector say all.
    private static MedicalHead Head(SoftmaxRegression fit, int width, string hash)
    {
        int medical = Array.IndexOf([.. fit.Labels], Medical);
        double LogOdds(double[] features) => fit.Predict(features) is var p ? Math.Log(p[medical] / p[1 - medical]) : 0;
        double[] at = new double[width];
        double bias = LogOdds(at);
        float[] weights = new float[width];
        for (int i = 0; i < width; i++)
        {
            (at[i], double step) = (1e-3, 1e-3);
            weights[i] = (float)Math.Round((LogOdds(at) - bias) / step, 3);
            at[i] = 0;
        }

        return new MedicalHead { FeaturesSha256 = hash, Weights = weights, Bias = (float)Math.Round(bias, 3) };
    }

    private async Task<double[][]> FeaturesAsync(ModalityNetwork network, string path, CancellationToken cancellationToken)
    {
        IVideoClip clip = await _reader.OpenAsync(path, cancellationToken).ConfigureAwait(false);
        FrameSampling sampling = clip.Info.Duration is { } duration && clip.Info.FrameRate is not null
            ? new FrameSampling
            {
                FramesPerSecond = Math.Clamp(FramesPerClip / Math.Max(0.1, duration.TotalSeconds), 1e-4, 240), MaxFrames = FramesPerClip,
            }
            : new FrameSampling { MaxFrames = FramesPerClip };
        List<double[]> features = [];
        await foreach (VideoFrame frame in clip.ReadFramesAsync(sampling, cancellationToken).ConfigureAwait(false))
        {
            using (frame)
            {
                FramePicture picture = FramePicture.FromFrame(frame);
                if (!picture.IsFlat)
                {
                    features.Add([.. network.Look(picture).Features.Select(value => (double)value)]);
                }
            }
        }

        return [.. features];
    }

    private sealed record Example(ModalityItem Item, string Label, double[] Features, double Weight, bool IsPermissive);
}
