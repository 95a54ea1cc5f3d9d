using MedGen.Application.Artifacts;
using MedGen.Application.Curation;
using MedGen.Application.Jobs;
using MedGen.Application.Jobs.Earlier;

namespace MedGen.WebConsole.Jobs;

/// <summary>What a job's events add up to for somebody who watches.</summary>
public sealed class JobProgress
{
    private readonly List<string> _notes = [];
    private readonly List<Artifact> _results = [];
    private readonly List<FindingsReported> _findings = [];
    private readonly List<FindingsReported> _interim = [];

    /// <summary>Number of the last event; a watch goes on after it.</summary>
    public long LastEvent { get; private set; }

    /// <summary>Where the job stands; null: no event has come yet.</summary>
    public JobState? State { get; private set; }

    /// <summary>What is being done; null: nothing was told yet.</summary>
    public JobProgressed? Step { get; private set; }

    /// <summary>How far an augmentation is; null: it is none.</summary>
    public AugmentationAdvanced? Augmentation { get; private set; }

    /// <summary>What an augmentation came to; null: it has not ended, or is none.</summary>
    public DatasetAugmented? Dataset { get; private set; }

    /// <summary>What a curation came to; null: it has not ended, or is none.</summary>
    public VideosCurated? Curated { get; private set; }

    /// <summary>The newest preview; null: none.</summary>
    public JobPreviewed? Preview { get; private set; }

    /// <summary>Why it failed; null: it did not.</summary>
    public JobError? Error { get; private set; }

    /// <summary>Warnings, and what became of the job besides, in order.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>What it made.</summary>
    public IReadOnlyList<Artifact> Results => _results;

    /// <summary>What it found, interim answers left out.</summary>
    public IReadOnlyList<FindingsReported> Findings => _findings;

    /// <summary>What was said while it ran, and may have been taken back.</summary>
    public IReadOnlyList<FindingsReported> Interim => _interim;

    /// <summary>Whether nothing more will happen to it.</summary>
    public bool HasEnded => State is JobState.Succeeded or JobState.Failed or JobState.Cancelled;

    /// <summary>Takes the next event.</summary>
    /// <param name="happened">The event; one that was taken before changes nothing.</param>
    public void Apply(JobEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        if (happened.Number <= LastEvent)
        {
            return;
        }

        LastEvent = happened.Number;
        Apply(happened.Payload);
    }

    private void Apply(JobEventPayload payload)
    {
        switch (payload)
        {
            case JobStateChanged change:
                (State, Error) = (change.State, change.Error ?? Error);
                AddNote(change.Note);
                break;
            case JobProgressed step:
                Step = step;
                break;
            case JobPreviewed preview:
                Preview = preview;
                break;
            case JobWarned warning:
                AddNote(warning.Message);
                break;
            case JobRestarted restart:
                AddNote($"It starts again from the beginning: {restart.Reason}");
                break;
            case ArtifactProduced produced:
                _results.Add(produced.Artifact);
                break;
            case AugmentationAdvanced advance:
                Augmentation = advance;
                break;
            case DatasetAugmented dataset:
                Dataset = dataset;
                break;
            case VideosCurated curated:
                Curated = curated;
                break;
            case FindingsReported findings:
                Add(findings);
                break;
            case IEarlierAnswer earlier:
                Add(earlier.ToFindings());
                break;
        }
    }

    private void Add(FindingsReported findings) => (findings.Interim ? _interim : _findings).Add(findings);

    private void AddNote(string? note)
    {
        if (note is not null)
        {
            _notes.Add(note);
        }
    }
}
