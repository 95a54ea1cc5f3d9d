using System.Text.Json;
using System.Text.Json.Serialization;
using MedGen.Abstractions.Errors;

namespace MedGen.Training.Recipes;

/// <summary>Reads and checks a recipe. An unknown key is an error: a misspelt option would otherwise silently have its default.</summary>
public static class RecipeReader
{
    /// <summary>How recipes are written: snake_case, comments and trailing commas allowed.</summary>
    internal static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        WriteIndented = true,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false) },
    };

    /// <summary>Reads a recipe.</summary>
    /// <param name="path">The JSON file.</param>
    /// <returns>The recipe, with its folders made absolute.</returns>
    /// <exception cref="InvalidInputException">The file is missing or is no JSON, or fields are unknown, missing, out of range or do not fit together; all are named.</exception>
    public static TrainingRecipe Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
        {
            throw new InvalidInputException("recipe", $"there is no file '{path}'.");
        }

        TrainingRecipe recipe = Parse(File.ReadAllBytes(path));
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return recipe with
        {
            Base = recipe.Base is null ? null : Path.GetFullPath(recipe.Base, folder),
            Data = [.. recipe.Data.Select(source => source.Folder is null ? source : source with { Folder = Path.GetFullPath(source.Folder, folder) })],
        };
    }

    /// <summary>Parses and checks a recipe.</summary>
    /// <param name="utf8">JSON.</param>
    /// <returns>The recipe, folders as they are written.</returns>
    /// <exception cref="InvalidInputException">See <see cref="Read"/>.</exception>
    public static TrainingRecipe Parse(ReadOnlySpan<byte> utf8)
    {
        TrainingRecipe recipe;
        try
        {
            recipe = JsonSerializer.Deserialize<TrainingRecipe>(utf8, Json) ?? throw new InvalidInputException("recipe", "is null; a JSON object is expected.");
        }
        catch (JsonException exception)
        {
            string message = exception.Message.Split(" Path: ")[0];
            throw new InvalidInputException(exception.Path is null or "$" ? "recipe" : exception.Path.TrimStart('$', '.'), message);
        }

        IReadOnlyList<FieldViolation> violations = [.. RecipeRanges.Violations(recipe), .. RecipeRules.Violations(recipe)];
        return violations.Count == 0 ? recipe : throw new InvalidInputException(violations);
    }
}
