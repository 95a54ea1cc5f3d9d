using MedGen.Datasets.Augmentation;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Errors;
using MedGen.Datasets.Adapters;
using MedGen.Datasets.Filters;

namespace MedGen.Datasets.Running;

/// <summary>
/// Makes clips round by round until every class has what it wants or has tried enough. Making, judging and writing overlap: some clips are made
/// ahead, judged in their order, and written beside the making of the next. A clip counts when its line is in the journal.
/// </summary>
internal sealed class ClipRounds(
    AugmentationSpec spec, AugmentationPlan plan, MethodAdapters adapters, ClipJudge judge, IDatasetAugmenter augmenter, ClipFiles files,
    AugmentationJournal journal, RunProgress progress)
{
    // Enough to keep every core or the device busy, little enough to hold in memory.
    private static readonly int Ahead = Math.Clamp(Environment.ProcessorCount, 2, 8);

    private readonly Dictionary<string, (int Tried, int Kept)> _state = plan.Targets.ToDictionary(target => target.Name, _ => (0, 0));
    private readonly ClipShape _shape = spec.Clip;
    private readonly int _earlier = journal.Records.Count;
    private int _replayed;

    /// <summary>Runs to the end.</summary>
    /// <exception cref="ResourceExhaustedException">The disk is full; what is in the journal stays.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (plan.Next(target => _state[target.Name]) is { Count: > 0 } round)
        {
            using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Queue<Task<MadeClip?>> making = [];
            Queue<(Task Written, ClipRecord Record)> writing = [];
            try
            {
                int next = 0;
                for (int i = 0; i < round.Count; i++)
                {
                    for (; next < round.Count && making.Count < Ahead; next++)
                    {
                        making.Enqueue(StartAsync(round[next], stop.Token));
                    }

                    if (await making.Peek().ConfigureAwait(false) is { } made)
                    {
                        ClipRecord record = Judge(made);
                        writing.Enqueue((record.Kept ? files.WriteAsync(record, made, _shape, stop.Token) : Task.CompletedTask, record));
                        await progress.MadeAsync(record, made, _shape, cancellationToken).ConfigureAwait(false);
                    }

                    _ = making.Dequeue();
                    await NoteAsync(writing, atMost: Ahead).ConfigureAwait(false);
                }

                await NoteAsync(writing, atMost: 0).ConfigureAwait(false);
            }
            finally
            {
                // After an error nothing may go on behind the run's back.
                await stop.CancelAsync().ConfigureAwait(false);
                await Task.WhenAll([.. making, .. writing.Select(one => one.Written)]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // A clip of an earlier run is only looked up and remembered; null stands for it.
    private Task<MadeClip?> StartAsync(PlannedClip clip, CancellationToken cancellationToken)
    {
        if (_replayed == _earlier)
        {
            return Task.Run(
                async () => (MadeClip?)await MadeClip.MakeAsync(augmenter, spec, clip, adapters.NameFor(clip), _shape, cancellationToken)
                    .ConfigureAwait(false), cancellationToken);
        }

        ClipRecord record = journal.Records[_replayed++];
        if (record.Id != clip.Id)
        {
            throw new InvalidInputException(
                "out", $"{AugmentationJournal.FileName} has '{record.Id}' where this run makes '{clip.Id}'; --overwrite starts anew.");
        }

        files.Require(record);
        Count(clip.Class, record);
        judge.Remember(record);
        return Task.FromResult<MadeClip?>(null);
    }

    private ClipRecord Judge(MadeClip made)
    {
        PlannedClip clip = made.Plan;
        string method = spec.Methods[clip.Method].Type;
        ClipOrigin origin = augmenter.Describe().Methods.First(known => known.Name == method).Origin;
        ClipJudge.Verdict verdict = judge.Judge(
            new CandidateClip(clip.Class.Name, made.Description.Prompt, origin, made.Descriptor, made.Quality, made.Pixels));
        ClipRecord record = ClipRecords.Create(made, method, origin, verdict, spec);
        Count(clip.Class, record);
        return record;
    }

    private void Count(ClassTarget target, ClipRecord record)
    {
        (int tried, int kept) = _state[target.Name];
        _state[target.Name] = (tried + 1, kept + (record.Kept ? 1 : 0));
    }

    private async Task NoteAsync(Queue<(Task Written, ClipRecord Record)> writing, int atMost)
    {
        while (writing.Count > atMost)
        {
            (Task written, ClipRecord record) = writing.Peek();
            await written.ConfigureAwait(false);
            journal.Add(record);
            _ = writing.Dequeue();
        }
    }
}
