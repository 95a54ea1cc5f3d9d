using System.Globalization;
using System.Text.Json;
using MedGen.Datasets.Augmentation;
using MedGen.Datasets.Specifications;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Files;

namespace MedGen.Datasets.Writing;

/// <summary><c>privacy.json</c>: what the learnt privacy check of an augmentation is worth, or why there was none.</summary>
internal static class PrivacyFile
{
    public const string FileName = "privacy.json";

    /// <summary>Writes it; nothing where no clip was to be checked.</summary>
    public static void Write(string folder, ReidentificationReport? report)
    {
        if (report is not null)
        {
            WholeFile.Write(Path.Combine(folder, FileName), SpecificationJson.Text(report));
        }
    }

    /// <summary>Reads it; null where there is none.</summary>
    /// <exception cref="InvalidInputException">It was changed by somebody else.</exception>
    public static ReidentificationReport? Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<ReidentificationReport>(File.ReadAllBytes(path), SpecificationJson.Options) : null;
        }
        catch (JsonException exception)
        {
            throw new InvalidInputException("out", $"{FileName} cannot be read ({exception.Message}).");
        }
    }

    /// <summary>What is known, in sentences.</summary>
    /// <param name="report">The check.</param>
    /// <param name="generated">How many generated clips there are.</param>
    public static string Statement(ReidentificationReport report, int generated) => report.NotMade is { } reason
        ? $"**No learnt check was made**: {reason}. Thumbnails alone were compared."
        : string.Create(
            CultureInfo.InvariantCulture,
            $"Learnt check: {report.Rejected} of {generated} generated clips were rejected because they may show a training patient again (cosine "
                + $"above τ = {report.Limit:0.###}). Its head was trained by contrast on {report.FittedPatients} training patients over "
                + $"{report.Features}; τ is from {report.HeldOutPatients} other training patients. Of altered copies of their clips it finds: "
                + $"{string.Join(", ", report.Found.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Key} {one.Value:P0}")))}.");
}
