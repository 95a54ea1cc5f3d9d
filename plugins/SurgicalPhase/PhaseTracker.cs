using MedGen.Sdk.Analysis;
using MedGen.Classifiers.Temporal;

namespace MedGen.Plugins.SurgicalPhase;

/// <summary>
/// Decides which phase holds: a new phase is provisional until it has been the most probable one for the dwell time without a break, longer when the
/// workflow does not know the change. Times are seconds since the start of the film.
/// </summary>
internal sealed class PhaseTracker(WorkflowGraph workflow, PhaseParameters parameters)
{
    private readonly List<int> _course = [];
    private int? _committed;
    private int _candidate = -1;
    private int _candidateStart;
    private double _committedSince;
    private double _candidateSince;
    private double _candidateSum;

    /// <summary>Phase of each second so far; a commit also counts for the seconds since its onset.</summary>
    public IReadOnlyList<int> Course => _course;

    /// <summary>Takes the next second.</summary>
    /// <param name="time">Its presentation time in s.</param>
    /// <param name="probabilities">Probability of each phase.</param>
    public PhaseDecision Next(double time, IReadOnlyList<double> probabilities)
    {
        int best = 0;
        for (int i = 1; i < probabilities.Count; i++)
        {
            best = probabilities[i] > probabilities[best] ? i : best;
        }

        _course.Add(_committed ?? best);
        if (best == _committed)
        {
            _candidate = -1;
            return new PhaseDecision(best, LabelState.Committed, _committedSince, null);
        }

        if (best != _candidate)
        {
            (_candidate, _candidateStart, _candidateSince, _candidateSum) = (best, _course.Count - 1, time, 0);
        }

        _candidateSum += probabilities[best];
        bool legal = _committed is not { } current || workflow.IsLegal(current, best);
        return time - _candidateSince >= (legal ? parameters.Dwell : parameters.LongDwell())
            ? Commit(best, time, legal)
            : new PhaseDecision(best, LabelState.Provisional, _candidateSince, null);
    }

    /// <summary>The picture is gone: what was about to be committed has not held without a break.</summary>
    public void Interrupt() => _candidate = -1;

    private PhaseDecision Commit(int phase, double time, bool legal)
    {
        PhaseChange? change = _committed is { } from
            ? new PhaseChange(from, phase, time, _candidateSince, _candidateSum / (_course.Count - _candidateStart), legal)
            : null;

        // What came before the first commit never held long enough to be a phase of its own.
        for (int i = _committed is null ? 0 : _candidateStart; i < _course.Count; i++)
        {
            _course[i] = phase;
        }

        (_committed, _committedSince, _candidate) = (phase, _candidateSince, -1);
        return new PhaseDecision(phase, LabelState.Committed, _committedSince, change);
    }
}
