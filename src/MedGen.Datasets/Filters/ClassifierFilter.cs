using System.Globalization;
using MedGen.Datasets.Augmentation;
using MedGen.Datasets.Clips;
using MedGen.Datasets.Classifiers;

namespace MedGen.Datasets.Filters;

/// <summary>Agreement of a small classifier that was trained on the real training clips.</summary>
internal sealed class ClassifierFilter : IClipFilter
{
    private readonly ClassifierFilterOptions _options;
    private readonly SoftmaxRegression? _classifier;

    public ClassifierFilter(ClassifierFilterOptions options, IReadOnlyList<DecodedClip> training, Func<DecodedClip, string> label)
    {
        _options = options;
        _classifier = options.Enabled ? SoftmaxRegression.Fit(
            [.. training.Select(clip => Array.ConvertAll(clip.Descriptor, value => (double)value))], [.. training.Select(label)]) : null;
    }

    public string Name => "classifier";

    public string? Judge(CandidateClip clip, IDictionary<string, double> scores)
    {
        if (_classifier is null)
        {
            return null;
        }

        double[] probabilities = _classifier.Predict(Array.ConvertAll(clip.Descriptor, value => (double)value));
        int own = _classifier.Labels.ToList().IndexOf(clip.Label);
        double probability = own < 0 ? 0 : probabilities[own];
        scores["class_probability"] = probability;
        return probability < _options.Probability || probability < probabilities.Max()
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"the classifier gives its class {probability:0.###}, and {_options.Probability} and the first place are needed")
            : null;
    }
}
