using MedGen.Datasets.Files;
using MedGen.Datasets.Reading;
using MedGen.Sdk.Errors;
using Microsoft.Win32.SafeHandles;

namespace MedGen.Datasets.Splits;

/// <summary>
/// Finds files of the same content under two patients: such a clip would be in training and test at once, whatever the patients are called.
/// </summary>
public static class SharedContent
{
    private const int MostNamed = 5;

    /// <summary>Refuses items of which two patients have the same file. Files of a length of their own are not read.</summary>
    /// <param name="items">All items of a data set.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <param name="scope">Where the files may lie; null: anywhere.</param>
    /// <returns>Completes when no two patients share a file.</returns>
    /// <exception cref="AccessDeniedException">A file is a link that leads out of the scope.</exception>
    /// <exception cref="InvalidInputException">Two do; files and patients are named.</exception>
    public static async Task ThrowIfSharedAsync(IEnumerable<DatasetItem> items, CancellationToken cancellationToken, PathScope? scope = null)
    {
        ArgumentNullException.ThrowIfNull(items);
        PathScope allowed = scope ?? PathScope.Anywhere;
        List<FieldViolation> violations = [];
        foreach (DatasetItem[] alike in items.GroupBy(item => LengthOf(allowed.Resolve(item.FullPath, DatasetFolder.Field))).Select(group =>
            group.ToArray()).Where(group => group.Length > 1))
        {
            Dictionary<string, DatasetItem> seen = new(StringComparer.Ordinal);
            foreach (DatasetItem item in alike)
            {
                string hash = await FileHash.OfAsync(allowed.Resolve(item.FullPath, DatasetFolder.Field), cancellationToken).ConfigureAwait(false);
                if (!seen.TryAdd(hash, item) && seen[hash] is { } first && first.Group != item.Group)
                {
                    violations.Add(
                        new FieldViolation("data", $"{Place(first)} and {Place(item)} are the same file under two patients; a clip belongs to one."));
                }
            }
        }

        if (violations.Count > 0)
        {
            throw new InvalidInputException([.. violations.Take(MostNamed)]);
        }
    }

    private static string Place(DatasetItem item)
    {
        string patient = item.PatientId is { } id ? $"patient_id '{id}'" : "a patient of its own";
        return $"'{item.FileName}' ({patient}{(item.Split == DatasetSplit.None ? "" : $", {item.Split}")})";
    }

    // Of the file, also where the path is a link to it.
    private static long LengthOf(string path)
    {
        using SafeFileHandle file = File.OpenHandle(path);
        return RandomAccess.GetLength(file);
    }
}
