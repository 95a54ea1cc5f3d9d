using MedGen.Sdk.Errors;
using MedGen.Datasets.Reading;

namespace MedGen.Classifiers.Training.ImagingModality.Evaluation;

/// <summary>
/// Reads a folder of clips whose modality is known: <see cref="ModalityManifest"/> where there is a <c>manifest.csv</c>, else
/// <see cref="DatasetFolder"/> with the modality as label, as a DICOM code or by name.
/// </summary>
public static class LabelledFolder
{
    private const int MostNamed = 5;

    /// <summary>Reads and checks a folder. Files are named, not opened.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>Its clips, and how many of its files are none.</returns>
    /// <exception cref="InvalidInputException">The folder or a listed file is missing, a line is wrong, a class has no clip, or a label is missing or
    /// no modality.</exception>
    public static LabelledContent Read(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return File.Exists(Path.Combine(folder, ModalityManifest.FileName)) ? FromManifest(folder) : FromDataset(folder);
    }

    private static LabelledContent FromManifest(string folder) => new(
        Check(ModalityManifest.Read(folder).Select(item => (item.ModalityCode, new LabelledClip
        {
            Name = item.Path,
            FullPath = Path.GetFullPath(item.Path, Path.GetFullPath(folder)),
            ModalityCode = ModalityTerms.CodeOf(item.ModalityCode) ?? "",
            Group = item.GroupId,
        }))),
        new Dictionary<string, int>());

    private static LabelledContent FromDataset(string folder)
    {
        DatasetContent content = DatasetFolder.List(folder);
        return new LabelledContent(
            Check(content.Items.Select(item => (item.Label ?? "", new LabelledClip
            {
                Name = item.FileName,
                FullPath = item.FullPath,
                ModalityCode = ModalityTerms.CodeOf(item.Label ?? "") ?? "",
                Group = item.Group,
            }))),
            content.PassedOver);
    }

    private static IReadOnlyList<LabelledClip> Check(IEnumerable<(string Label, LabelledClip Clip)> read)
    {
        List<(string Label, LabelledClip Clip)> all = [.. read];
        string[] unknown =
        [
            .. all.Where(one => one.Clip.ModalityCode.Length == 0).GroupBy(one => one.Label)
            .Select(same => $"'{same.Key}' ({same.First().Clip.Name})"),
        ];
        return unknown.Length == 0
            ? [.. all.Select(one => one.Clip)]
            : throw new InvalidInputException(
                "label", $"{string.Join(", ", unknown.Take(MostNamed))} is not a modality; allowed: {ModalityTerms.Allowed}.");
    }
}
