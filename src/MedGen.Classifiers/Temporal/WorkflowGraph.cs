namespace MedGen.Classifiers.Temporal;

/// <summary>Which label may follow which, as positions in a list of labels. Staying is always allowed.</summary>
/// <param name="labels">Number of labels.</param>
/// <param name="transitions">The changes that are known.</param>
public sealed class WorkflowGraph(int labels, IEnumerable<(int From, int To)> transitions)
{
    private readonly HashSet<(int From, int To)> _known = [.. transitions];

    /// <summary>Number of labels.</summary>
    public int Labels => labels;

    /// <summary>Whether a change is known.</summary>
    /// <param name="from">The label before.</param>
    /// <param name="to">The label after.</param>
    /// <returns>True for a known change and for none.</returns>
    public bool IsLegal(int from, int to) => from == to || _known.Contains((from, to));
}
