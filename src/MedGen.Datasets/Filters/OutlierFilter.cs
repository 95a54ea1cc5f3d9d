using System.Globalization;
using MedGen.Datasets.Augmentation;

namespace MedGen.Datasets.Filters;

/// <summary>Clips that lie further from every training clip than training clips lie from each other.</summary>
internal sealed class OutlierFilter(OutlierFilterOptions options, TrainingNeighbours training) : IClipFilter
{
    public string Name => "outlier";

    public string? Judge(CandidateClip clip, IDictionary<string, double> scores)
    {
        double distance = 1 - training.Nearest(clip.Descriptor).Correlation;
        double limit = options.Factor * training.MaxDistance;
        scores["training_distance"] = distance;
        return options.Enabled && distance > limit
            ? string.Create(CultureInfo.InvariantCulture, $"distance {distance:0.###} to the nearest training clip is above {limit:0.###}")
            : null;
    }
}
