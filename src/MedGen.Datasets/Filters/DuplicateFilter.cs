using System.Globalization;
using MedGen.Datasets.Augmentation;
using MedGen.Datasets.Clips;

namespace MedGen.Datasets.Filters;

/// <summary>Near-duplicates of clips that were made and kept before.</summary>
internal sealed class DuplicateFilter(DuplicateFilterOptions options) : IClipFilter
{
    private readonly List<float[]> _kept = [];

    public string Name => "duplicate";

    public string? Judge(CandidateClip clip, IDictionary<string, double> scores)
    {
        double nearest = _kept.Count == 0 ? 0 : _kept.Max(other => ClipDescriptor.Correlation(clip.Descriptor, other));
        scores["synthetic_correlation"] = nearest;
        return options.Enabled && nearest >= options.Correlation
            ? string.Create(CultureInfo.InvariantCulture, $"correlation {nearest:0.####} to a clip made before is at least {options.Correlation}")
            : null;
    }

    public void Keep(string? prompt, float[] descriptor) => _kept.Add(descriptor);
}
