using MedGen.Datasets.Reading;

namespace MedGen.Evaluation.Studies;

/// <summary>The clips of a study.</summary>
public sealed record StudyInputs
{
    /// <summary>Real clips with their splits; see <see cref="StudyRun.Split"/>.</summary>
    public required IReadOnlyList<DatasetItem> Items { get; init; }

    /// <summary>Made clips by pool.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<DatasetItem>> Pools { get; init; } = new Dictionary<string, IReadOnlyList<DatasetItem>>();

    /// <summary>What the pools came to.</summary>
    public IReadOnlyList<PoolReport> PoolReports { get; init; } = [];

    /// <summary>
    /// Real clips of another source, on which every trained classifier is measured, too, and nothing is chosen; empty: there are none.
    /// </summary>
    public IReadOnlyList<DatasetItem> External { get; init; } = [];
}
