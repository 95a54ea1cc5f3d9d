using MedGen.Datasets.Reading;

namespace MedGen.Classifiers.Training.ImagingModality;

/// <summary>Which DICOM defined terms are learnt from a data set.</summary>
public static class ModalityLabels
{
    /// <summary>The name for projection radiographs: whether a detector is a CR plate or a DX panel cannot be seen in the picture.</summary>
    public const string Radiography = "DX";

    /// <summary>The label for a modality code: CR and DX share <see cref="Radiography"/>, every other code stands for itself.</summary>
    /// <param name="modalityCode">DICOM modality code.</param>
    /// <returns>The label.</returns>
    public static string Of(string modalityCode) => modalityCode is "CR" or "DX" ? Radiography : modalityCode;

    /// <summary>
    /// Splits the labels of items into those with enough groups to be learnt and checked on groups never seen, and the others; everyday pictures have
    /// no label.
    /// </summary>
    /// <param name="items">The manifest's items.</param>
    /// <param name="minGroups">Fewest groups (patients, volumes, recordings) of a learnt label.</param>
    /// <returns>Both lists, in ordinal order.</returns>
    public static (IReadOnlyList<string> Learnt, IReadOnlyList<string> LeftOut) Split(IEnumerable<ModalityItem> items, int minGroups)
    {
        var byLabel = items
            .Where(i => i.ModalityCode != ModalityManifest.NoModality)
            .GroupBy(i => Of(i.ModalityCode))
            .Select(g => (Label: g.Key, Groups: g.Select(i => i.GroupId).Distinct().Count()))
            .OrderBy(g => g.Label, StringComparer.Ordinal)
            .ToList();
        return ([.. byLabel.Where(g => g.Groups >= minGroups).Select(g => g.Label)],
            [.. byLabel.Where(g => g.Groups < minGroups).Select(g => g.Label)]);
    }
}
