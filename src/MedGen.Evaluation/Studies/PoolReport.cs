using System.Globalization;
using MedGen.Datasets.Augmentation;
using MedGen.Datasets.Reading;
using MedGen.Datasets.Writing;

namespace MedGen.Evaluation.Studies;

/// <summary>A pool: its yield, and what its privacy check found.</summary>
public sealed record PoolReport
{
    /// <summary>Bins of <see cref="Correlations"/>.</summary>
    public const int Bins = 10;

    /// <summary>The pool.</summary>
    public required string Name { get; init; }

    /// <summary>Methods that made its clips.</summary>
    public required IReadOnlyList<string> Methods { get; init; }

    /// <summary>Clips made.</summary>
    public required int Made { get; init; }

    /// <summary>Clips kept.</summary>
    public required int Kept { get; init; }

    /// <summary>Clips rejected, by the filter that rejected them.</summary>
    public required IReadOnlyDictionary<string, int> Rejected { get; init; }

    /// <summary>Clips that a model generated; only these are judged by the privacy check.</summary>
    public required int Generated { get; init; }

    /// <summary>Generated clips that the privacy check by thumbnails rejected.</summary>
    public required int RejectedForPrivacy { get; init; }

    /// <summary>
    /// The privacy check by learnt features; null: no clip was to be checked, or an augmentation of an earlier version did not know it.
    /// </summary>
    public ReidentificationReport? Reidentification { get; init; }

    /// <summary>τ of the thumbnails, a correlation; null: the check was turned off.</summary>
    public required double? PrivacyLimit { get; init; }

    /// <summary>
    /// Generated clips, rejected ones too, by their greatest correlation to a training clip: below 0.1 (or negative), 0.1 to 0.2, and so on to 1.
    /// </summary>
    public required IReadOnlyList<int> Correlations { get; init; }

    /// <summary>How its clips lie to the real training clips; null: there are too few.</summary>
    public PoolFidelity? Fidelity { get; init; }

    /// <summary>The models that made its clips, and whether they had seen the held-out ones; null: not known.</summary>
    public IReadOnlyList<GeneratorExposure>? Generators { get; init; }

    /// <summary>Reads what an augmentation wrote.</summary>
    /// <param name="name">The pool.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="privacyLimit">τ; null: the check was turned off.</param>
    /// <returns>What it came to.</returns>
    /// <exception cref="Sdk.Errors.InvalidInputException">Its manifest is not what an augmentation writes.</exception>
    public static PoolReport Read(string name, string folder, double? privacyLimit)
    {
        CsvRow[] made =
        [
            .. CsvTable.Read(
                Path.Combine(folder, ManifestTable.FileName), "pools", "source", "method", "origin", "kept", "reject_reason", "nn_distance").Rows
                .Where(row => row["source"] == "synthetic"),
        ];
        CsvRow[] generated = [.. made.Where(row => row["origin"] == "generated")];
        int[] correlations = new int[Bins];
        foreach (CsvRow row in generated)
        {
            correlations[Math.Clamp((int)((1 - double.Parse(row["nn_distance"], CultureInfo.InvariantCulture)) * Bins), 0, Bins - 1)]++;
        }

        return new PoolReport
        {
            Name = name,
            Methods = [.. made.Select(row => row["method"]).Distinct()],
            Made = made.Length,
            Kept = made.Count(row => row["kept"] == "true"),
            Rejected = made.Where(row => row["kept"] != "true").GroupBy(Filter).OrderBy(own => own.Key, StringComparer.Ordinal)
                .ToDictionary(own => own.Key, own => own.Count()),
            Generated = generated.Length,
            RejectedForPrivacy = generated.Count(row => row["kept"] != "true" && Filter(row) == "privacy"),
            PrivacyLimit = privacyLimit,
            Correlations = correlations,
            Reidentification = PrivacyFile.Read(folder),
            Generators = GeneratorsFile.Read(folder),
        };
    }

    private static string Filter(CsvRow row) => row["reject_reason"].Split(':')[0];
}
