using MedGen.Sdk.Errors;
using MedGen.Training.Recipes;

namespace MedGen.Cli.Commands;

/// <summary>The option <c>--data NAME=DIR</c> of commands that read a recipe.</summary>
internal static class DataFolders
{
    /// <summary>Puts folders in the place of a recipe's own.</summary>
    /// <exception cref="InvalidInputException">One is not NAME=DIR, the folder does not exist, or the recipe has no such source with a
    /// folder.</exception>
    public static TrainingRecipe Apply(TrainingRecipe recipe, IEnumerable<string> folders)
    {
        foreach (string folder in folders)
        {
            string[] parts = folder.Split('=', 2);
            if (parts.Length != 2 || recipe.Data.All(source => source.Name != parts[0] || source.Folder is null))
            {
                string names = string.Join(", ", recipe.Data.Where(source => source.Folder is not null).Select(source => source.Name));
                throw new InvalidInputException(
                    "--data",
                    $"got '{folder}'; allowed: NAME=DIR with a source that has a folder: {(names.Length > 0 ? names : "the recipe has none")}.");
            }

            if (!Directory.Exists(parts[1]))
            {
                throw new InvalidInputException("--data", $"there is no folder '{parts[1]}' for source '{parts[0]}'.");
            }

            recipe = recipe with
            {
                Data = [.. recipe.Data.Select(source => source.Name == parts[0] ? source with { Folder = Path.GetFullPath(parts[1]) } : source)],
            };
        }

        return recipe;
    }

    /// <summary>Leaves out sources whose folder does not exist, for commands that can do without them.</summary>
    /// <returns>The recipe and the names of the sources left out.</returns>
    public static (TrainingRecipe Recipe, IReadOnlyList<string> Missing) WithoutMissing(TrainingRecipe recipe)
    {
        ILookup<bool, DataSourceRecipe> isHere = recipe.Data.ToLookup(source => source.Folder is null || Directory.Exists(source.Folder));
        return (recipe with { Data = [.. isHere[true]] }, [.. isHere[false].Select(source => source.Name)]);
    }
}
