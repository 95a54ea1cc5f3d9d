using System.Globalization;
using System.Text.Json;
using MedGen.Datasets.Reading;
using MedGen.Sdk.Errors;

namespace MedGen.Evaluation.Studies;

/// <summary>The number of a clip, where the outcome is one.</summary>
internal static class StudyNumbers
{
    private const string Simulated = "simulated";

    /// <summary>Reads it: the label, that of mixed clips in their shares, or for a simulated clip what is true of the simulation.</summary>
    /// <param name="spec">The study.</param>
    /// <param name="item">The clip; its label is a number.</param>
    /// <exception cref="InvalidInputException">A simulated clip has no such truth, or the study does not say which it is.</exception>
    public static double Of(StudySpec spec, DatasetItem item)
    {
        if (item.Columns.GetValueOrDefault("origin") == Simulated)
        {
            return OfTruth(spec.SimulatedNumber, item);
        }

        return item.Columns.GetValueOrDefault("label_weights") is { Length: > 0 } weights
            ? JsonSerializer.Deserialize<Dictionary<string, double>>(weights)!.Sum(one => Parse(one.Key) * one.Value)
            : Parse(item.Label!);
    }

    // Its label is that of the training clip whose place it takes, which is not what was simulated.
    private static double OfTruth(string? name, DatasetItem item)
    {
        Dictionary<string, string> truth = [];
        if (item.Columns.GetValueOrDefault("parameters") is { } parameters
            && JsonSerializer.Deserialize<Dictionary<string, string>>(parameters)!.TryGetValue("truth", out string? stated))
        {
            truth = JsonSerializer.Deserialize<Dictionary<string, string>>(stated)!;
        }

        string[] numbers = [.. truth.Where(one => IsNumber(one.Value)).Select(one => one.Key).Order(StringComparer.Ordinal)];
        return name is not null && numbers.Contains(name)
            ? Parse(truth[name])
            : throw new InvalidInputException(
                "simulated_number",
                $"got {(name is null ? "none" : $"'{name}'")}, and '{item.FileName}' is simulated; allowed: {string.Join(", ", numbers)}.");
    }

    private static bool IsNumber(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static double Parse(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
}
