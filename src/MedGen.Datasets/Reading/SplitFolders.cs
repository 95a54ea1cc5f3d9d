using MedGen.Datasets.Files;

namespace MedGen.Datasets.Reading;

/// <summary>Folders named train, validation (or val) and test at the top of a data set.</summary>
internal static class SplitFolders
{
    /// <summary>The folders of splits; none where any other folder stands beside them.</summary>
    public static string[] Find(string root, PathScope scope)
    {
        string[] top = FoldersIn(root, scope);
        return top.All(folder => Parse(Path.GetFileName(folder)) is not null) ? top : [];
    }

    /// <summary>The folders in a folder, in the order of their names; hidden ones and leftovers of a Mac are none.</summary>
    /// <exception cref="Sdk.Errors.AccessDeniedException">The folder is a link that leads out of the scope.</exception>
    public static string[] FoldersIn(string parent, PathScope scope)
    {
        scope.Resolve(parent, DatasetFolder.Field);
        return
        [
            .. Directory.EnumerateDirectories(parent)
                .Where(folder => Path.GetFileName(folder) is var name && !name.StartsWith('.') && !PassedOver.IsMacLeftover(name))
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>The split of a name; that of no name is none stated, and null is not the name of one.</summary>
    public static DatasetSplit? Parse(string text) => text.ToLowerInvariant() switch
    {
        "" => DatasetSplit.None,
        "train" => DatasetSplit.Train,
        "validation" or "val" => DatasetSplit.Validation,
        "test" => DatasetSplit.Test,
        _ => null,
    };
}
