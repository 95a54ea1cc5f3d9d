using MedGen.Datasets.Augmentation;
using MedGen.Datasets.Adapters;
using MedGen.Datasets.Reading;

namespace MedGen.Evaluation.Studies;

/// <summary>The made clips of an augmentation, each with all patients that it depends on.</summary>
public static class StudyPool
{
    private const string AdapterColumn = "adapter";

    /// <summary>
    /// Reads the clips. One that an adapter of the pool made depends on every patient that the adapter was trained on, whatever it was started from.
    /// </summary>
    /// <param name="folder">Output folder of the augmentation.</param>
    /// <returns>The clips; their patients are joined by <c>|</c>.</returns>
    /// <exception cref="Sdk.Errors.InvalidInputException">The folder is not what an augmentation writes.</exception>
    public static IReadOnlyList<DatasetItem> Read(string folder)
    {
        Dictionary<string, AdapterRecord> adapters = new AdapterStore(folder).Read().ToDictionary(record => record.Name);
        return
        [
            .. DatasetFolder.Read(folder)
            .Select(item => item.Columns.TryGetValue(AdapterColumn, out string? name) && adapters.TryGetValue(name, out AdapterRecord? adapter)
                ? item with { PatientId = string.Join('|', adapter.Patients) }
                : item),
        ];
    }
}
