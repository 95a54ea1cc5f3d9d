using MedGen.Sdk.Augmentation;
using MedGen.Datasets.Augmentation;

namespace MedGen.Datasets.Adapters;

/// <summary>The adapters of a run, all of them there.</summary>
/// <param name="needs">What each method asked for.</param>
/// <param name="trained">Those that were trained for the run.</param>
internal sealed class MethodAdapters(IReadOnlyList<AdapterNeed?> needs, IReadOnlyList<AdapterRecord> trained)
{
    /// <summary>Those that were trained for the run.</summary>
    public IReadOnlyList<AdapterRecord> Trained => trained;

    /// <summary>Name of the adapter that a clip is made with; null: none.</summary>
    public string? NameFor(PlannedClip clip) => needs[clip.Method] switch
    {
        NamedAdapter named => named.Name,
        TrainedAdapter => trained.First(record => record.Method == clip.Method && (record.Class is null || record.Class == clip.Class.Name)).Name,
        _ => null,
    };
}
