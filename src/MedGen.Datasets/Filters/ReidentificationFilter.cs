using System.Globalization;
using MedGen.Datasets.Reidentification;
using MedGen.Sdk.Augmentation;

namespace MedGen.Datasets.Filters;

/// <summary>Refuses generated clips in which a learnt eye finds a training patient again; see <see cref="PatientReidentification"/>.</summary>
internal sealed class ReidentificationFilter(PatientReidentification? patients) : IClipFilter
{
    /// <summary>Name in the counts of refused clips.</summary>
    public const string FilterName = "reidentification";

    public string Name => FilterName;

    public string? Judge(CandidateClip clip, IDictionary<string, double> scores)
    {
        if (clip.Origin != ClipOrigin.Generated || patients?.Nearest(clip.Pixels) is not var (nearest, cosine))
        {
            return null;
        }

        scores["patient_cosine"] = cosine;
        double limit = patients.Report.Limit!.Value;
        return cosine > limit
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"the learnt cosine {cosine:0.###} to '{nearest.Item.FileName}' is above the limit {limit:0.###}: it may show that patient again")
            : null;
    }
}
