using System.ComponentModel.DataAnnotations;
using MedGen.Datasets.Specifications;
using MedGen.Phantoms;
using MedGen.Sdk.Errors;

namespace MedGen.Evaluation.Experiments;

/// <summary>A sentence of a report, and which simulated clips show the same. snake_case in the file, a list of them.</summary>
public sealed record ReportSentence
{
    /// <summary>What was done, for instance <c>A CT scan of the chest, axial slices</c>. 1 to 200 characters.</summary>
    [StringLength(200, MinimumLength = 1)]
    public required string Study { get; init; }

    /// <summary>What the report says. 1 to 2,000 characters.</summary>
    [StringLength(2000, MinimumLength = 1)]
    public required string Sentence { get; init; }

    /// <summary>Kind of the simulator that shows such a study.</summary>
    public required string Kind { get; init; }

    /// <summary>The label of the kind that fits: its anatomy or finding.</summary>
    public required string Label { get; init; }

    /// <summary>Reads sentences.</summary>
    /// <param name="path">JSON file; null: those that come along.</param>
    /// <returns>One or more.</returns>
    /// <exception cref="InvalidInputException">The file is missing or wrong; fields are named.</exception>
    internal static IReadOnlyList<ReportSentence> Read(string? path)
    {
        List<ReportSentence> sentences = path is null ? OwnSentences() : SpecificationJson.Read<List<ReportSentence>>(path, "reports");
        Violations violations = new();
        violations.Require(sentences.Count > 0, "reports", $"got an empty list", $"one sentence or more");
        foreach ((int index, ReportSentence one) in sentences.Index())
        {
            Violations at = violations.In($"reports[{index}]");
            at.Declared(one);
            at.OneOf("kind", one.Kind, [.. PhantomCatalog.All.Select(phantom => phantom.Kind)]);
            if (PhantomCatalog.All.FirstOrDefault(phantom => phantom.Kind == one.Kind) is { } phantom)
            {
                at.OneOf("label", one.Label, [.. phantom.Labels]);
            }
        }

        foreach (string twice in sentences.GroupBy(one => one.ToPrompt()).Where(same => same.Count() > 1).Select(same => same.Key))
        {
            violations.Add("reports", $"'{twice}' stands there twice.");
        }

        violations.ThrowIfAny();
        return sentences;
    }

    /// <summary>The prompt.</summary>
    internal string ToPrompt() => $"{Study.TrimEnd('.')}. {Sentence}";

    private static List<ReportSentence> OwnSentences()
    {
        using Stream stream = typeof(ReportSentence).Assembly.GetManifestResourceStream("report-sentences.json")!;
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return SpecificationJson.Parse<List<ReportSentence>>(bytes.ToArray(), "report-sentences.json");
    }
}
