using MedGen.Datasets.Augmentation;
using MedGen.Datasets.Files;
using MedGen.Datasets.Reading;
using MedGen.Datasets.Splits;
using MedGen.Sdk.Errors;

namespace MedGen.Datasets.Running;

/// <summary>What a data set holds, as an augmentation would read and split it. Clips are counted, not opened.</summary>
public sealed record DatasetOutline
{
    /// <summary>Clips of all classes; one of several labels counts once.</summary>
    public required int Clips { get; init; }

    /// <summary>Patients, or whatever else is kept in one split.</summary>
    public required int Groups { get; init; }

    /// <summary>The classes by name.</summary>
    public required IReadOnlyList<ClassOutline> Classes { get; init; }

    /// <summary>Files that are no clip, by extension.</summary>
    public required IReadOnlyDictionary<string, int> PassedOver { get; init; }

    /// <summary>Reads a data set.</summary>
    /// <param name="path">Folder or tar file.</param>
    /// <param name="spec">Says how labels are read and how is split.</param>
    /// <param name="workFolder">Where lists of archives are unpacked; whoever asks deletes it.</param>
    /// <param name="scope">Where files may lie.</param>
    /// <param name="name">What a tar file is called in errors; null: the name that it has on disk.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>What it holds.</returns>
    /// <exception cref="AccessDeniedException">A link leads out of the scope.</exception>
    /// <exception cref="InvalidInputException">An augmentation would refuse the data set before it opens a clip, for the same reason.</exception>
    public static async Task<DatasetOutline> ReadAsync(
        string path, AugmentationSpec spec, string workFolder, PathScope scope, string? name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(scope);
        string root = await DatasetSource.OpenAsync(path, Path.Combine(workFolder, "data"), cancellationToken, scope, name, listsOnly: true)
            .ConfigureAwait(false);

        // What was unpacked holds no links.
        DatasetContent read = DatasetFolder.List(root, spec.GroupColumn, root == path ? scope : PathScope.Anywhere);
        IReadOnlyList<DatasetItem> items = DatasetSplitter.Split(read.Items, spec.Labels, spec.SplitOptions);
        return new DatasetOutline
        {
            Clips = items.Count,
            Groups = items.Select(item => item.Group).Distinct(StringComparer.Ordinal).Count(),
            Classes =
            [
                .. from item in items
                   from label in spec.Labels.ClassesOf(item)
                   group item.Split by label into own
                   orderby own.Key
                   select new ClassOutline
                   {
                       Name = own.Key,
                       Train = own.Count(split => split == DatasetSplit.Train),
                       Validation = own.Count(split => split == DatasetSplit.Validation),
                       Test = own.Count(split => split == DatasetSplit.Test),
                   },
            ],
            PassedOver = read.PassedOver,
        };
    }
}
