using System.ComponentModel.DataAnnotations;
using MedGen.Datasets.Specifications;
using MedGen.Sdk.Errors;

namespace MedGen.Datasets.Ratings;

/// <summary>What people are to rate: a JSON file, snake_case.</summary>
public sealed record RatingDesign
{
    /// <summary>What raters read above the form. 1 to 120 characters.</summary>
    [StringLength(120, MinimumLength = 1)]
    public string Title { get; init; } = "Rating of clips";

    /// <summary>Folders below the folder of videos, one for each model; their names never reach a rater. 1 to 16.</summary>
    [MinLength(1)]
    [MaxLength(16)]
    public required IReadOnlyList<string> Systems { get; init; }

    /// <summary>Questions about two systems' clips of one prompt; empty: none. See <see cref="RatingQuestion.General"/>.</summary>
    public IReadOnlyList<string> Pairwise { get; init; } = [];

    /// <summary>Questions about single clips; empty: none. See <see cref="RatingQuestion.General"/>.</summary>
    public IReadOnlyList<string> Likert { get; init; } = [];

    /// <summary>Whether the four surgical questions are asked of the first 1, 3 and 8 s of each clip that is as long. Default false.</summary>
    public bool Surgical { get; init; }

    /// <summary>Seed of every rater's order, 0 to 2,147,483,647. Default 1.</summary>
    [Range(0, int.MaxValue)]
    public int Seed { get; init; } = 1;

    /// <summary>Reads a design.</summary>
    /// <param name="path">The JSON file.</param>
    /// <returns>The design.</returns>
    /// <exception cref="InvalidInputException">The file is missing or no JSON, or fields are unknown or wrong; all are named.</exception>
    public static RatingDesign Read(string path)
    {
        RatingDesign design = SpecificationJson.Read<RatingDesign>(path, "design");
        Violations violations = new();
        violations.Declared(design);
        string[] questions = [.. RatingQuestion.General.Select(question => question.Name)];
        foreach ((string field, IReadOnlyList<string> named) in new[] { ("pairwise", design.Pairwise), ("likert", design.Likert) })
        {
            foreach (string name in named)
            {
                violations.OneOf(field, name, questions);
            }

            violations.Require(named.Distinct().Count() == named.Count, field, $"names a question twice", $"each once");
        }

        violations.Require(design.Systems.Distinct().Count() == design.Systems.Count, "systems", $"names a folder twice", $"each once");
        violations.Require(
            design.Systems.All(name => name.Length > 0 && name == Path.GetFileName(name) && name is not ("." or ".." or RatingQuestion.Tie)),
            "systems",
            $"holds what is no name of a folder", $"names of folders below --videos, none of them '{RatingQuestion.Tie}'");
        violations.Require(
            design.Pairwise.Count == 0 || design.Systems.Count > 1, "pairwise", $"is given for one system", $"two systems or more for comparisons");
        violations.Require(
            design.Surgical || design.Pairwise.Count + design.Likert.Count > 0, "likert", $"nothing is asked",
            $"questions in pairwise or likert, or surgical true");
        violations.ThrowIfAny();
        return design;
    }
}
