using MedGen.Dicom.DataSets;
using MedGen.Dicom.Web;

namespace MedGen.Application.Dicom.Rules;

/// <summary>One rule: which instances, which task, which results, sent where. What is left out matches everything.</summary>
public sealed record DicomRule
{
    /// <summary>Its name: 1 to 64 lower-case letters, digits and hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>Names of the callers who sent the instance.</summary>
    public IReadOnlyList<string> Callers { get; init; } = [];

    /// <summary>Titles of the application entities that sent it, as (0002,0016) has them.</summary>
    public IReadOnlyList<string> SourceAes { get; init; } = [];

    /// <summary>(0008,0060) Modality.</summary>
    public IReadOnlyList<string> Modalities { get; init; } = [];

    /// <summary>(0008,103E) Series Description, with * and ?; whatever its case; null: any.</summary>
    public string? SeriesDescription { get; init; }

    /// <summary>What is one clip for the analyzer.</summary>
    public DicomUnit Unit { get; init; }

    /// <summary>Task of the analyzer, for instance <c>imaging-modality</c>.</summary>
    public required string Task { get; init; }

    /// <summary>Id of the plugin that analyses; null: the one that serves the task.</summary>
    public string? Plugin { get; init; }

    /// <summary>Forms of the results; at least one.</summary>
    public IReadOnlyList<DicomResultKind> Results { get; init; } = [DicomResultKind.Report];

    /// <summary>Names of the archives that get the results; none: they stay here.</summary>
    public IReadOnlyList<string> SendTo { get; init; } = [];

    /// <summary>Whether the rule is about an instance.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <returns>Whether it is.</returns>
    public bool Matches(DicomInstance instance, DicomDataSet attributes)
    {
        ArgumentNullException.ThrowIfNull(instance);
        ArgumentNullException.ThrowIfNull(attributes);
        return (Callers.Count == 0 || Callers.Contains(instance.Owner, StringComparer.Ordinal))
            && (SourceAes.Count == 0 || SourceAes.Contains(instance.SourceAe, StringComparer.Ordinal))
            && (Modalities.Count == 0 || Modalities.Contains(attributes.Text(new(0x0008_0060)), StringComparer.Ordinal))
            && (SeriesDescription is null || DicomMatching.IsLike(attributes.Text(new(0x0008_103E)), SeriesDescription, ignoreCase: true));
    }
}
