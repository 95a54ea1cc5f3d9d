using MedGen.Sdk.Errors;
using MedGen.Datasets.Specifications;

namespace MedGen.Training.Recipes;

/// <summary>Reads and checks a recipe.</summary>
public static class RecipeReader
{
    /// <summary>Reads a recipe.</summary>
    /// <param name="path">The JSON file.</param>
    /// <returns>The recipe, with its folders made absolute.</returns>
    /// <exception cref="InvalidInputException">The file is missing or is no JSON, or fields are unknown, missing, out of range or do not fit
    /// together; all are named.</exception>
    public static TrainingRecipe Read(string path)
    {
        TrainingRecipe recipe = Check(SpecificationJson.Read<TrainingRecipe>(path, "recipe"));
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return recipe with
        {
            Base = recipe.Base is null ? null : Path.GetFullPath(recipe.Base, folder),
            Data =
                [.. recipe.Data.Select(source => source.Folder is null ? source : source with { Folder = Path.GetFullPath(source.Folder, folder) })],
        };
    }

    /// <summary>Parses and checks a recipe.</summary>
    /// <param name="utf8">JSON.</param>
    /// <returns>The recipe, folders as they are written.</returns>
    /// <exception cref="InvalidInputException">See <see cref="Read"/>.</exception>
    public static TrainingRecipe Parse(ReadOnlySpan<byte> utf8) => Check(SpecificationJson.Parse<TrainingRecipe>(utf8, "recipe"));

    private static TrainingRecipe Check(TrainingRecipe recipe)
    {
        Violations violations = new();
        violations.Declared(recipe);
        RecipeRules.Check(recipe, violations);
        violations.ThrowIfAny();
        return recipe;
    }
}
