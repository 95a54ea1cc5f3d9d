using MedGen.Curation.Clips;
using MedGen.Curation.Results;
using MedGen.Curation.Stages;
using MedGen.Curation.Videos;
using MedGen.Sdk.Errors;

namespace MedGen.Curation.Running;

/// <summary>Takes the clips of one film through the stages, one clip after the other, and keeps how far it is.</summary>
internal sealed class FilmCuration(IReadOnlyList<ICurationStage> stages, WorkFolder work, ProgressMeter meter, TimeProvider time)
{
    // What is done in between is done again after a kill; a file a stage would cost more.
    private static readonly TimeSpan KeepEvery = TimeSpan.FromSeconds(1);

    /// <summary>Runs, or goes on.</summary>
    /// <param name="source">The film.</param>
    /// <param name="cancellationToken">Stops; what is done is kept.</param>
    /// <returns>The state, done.</returns>
    public async Task<VideoState> RunAsync(ClipSource source, CancellationToken cancellationToken)
    {
        SourceVideo video = source.Video;
        VideoState? before = work.State(video);
        if (before is { IsDone: true })
        {
            meter.Staged("done", video, video.Seconds);
            return before;
        }

        List<CuratedClip> clips = [.. before?.Clips ?? [new CuratedClip { Start = 0, End = video.Seconds }]];
        Dictionary<string, StageCount> counts = new(before?.Counts ?? new Dictionary<string, StageCount>());
        long kept = time.GetTimestamp();
        try
        {
            for (int at; (at = clips.FindIndex(clip => clip.IsAlive && clip.Passed < stages.Count)) >= 0;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await StepAsync(source, clips, at, counts, cancellationToken).ConfigureAwait(false);
                if (time.GetElapsedTime(kept) >= KeepEvery)
                {
                    work.Keep(video, new VideoState { Clips = clips, Counts = counts });
                    kept = time.GetTimestamp();
                }
            }
        }
        catch
        {
            work.Keep(video, new VideoState { Clips = clips, Counts = counts });
            throw;
        }

        VideoState done = new() { Clips = clips, Counts = counts, IsDone = true };
        DeleteDropped(source, clips);
        work.Keep(video, done);
        meter.Staged("done", video, video.Seconds);
        return done;
    }

    // Not before: a run that is killed in between must find the files that its last kept state names.
    private static void DeleteDropped(ClipSource source, IEnumerable<CuratedClip> clips)
    {
        foreach (CuratedClip dropped in clips.Where(one => !one.IsAlive && one.File is not null))
        {
            File.Delete(source.PathOf(dropped));
        }
    }

    private async Task StepAsync(
        ClipSource source, List<CuratedClip> clips, int at, Dictionary<string, StageCount> counts, CancellationToken cancellationToken)
    {
        CuratedClip clip = clips[at];
        ICurationStage stage = stages[clip.Passed];
        meter.Staged(stage.Name, source.Video, clip.Start);
        if (stage.LeftOut is not null)
        {
            clips[at] = clip with { Passed = clip.Passed + 1 };
            return;
        }

        IReadOnlyList<CuratedClip> outcome;
        try
        {
            outcome = await stage.RunAsync(source, clip, cancellationToken).ConfigureAwait(false);
        }
        catch (MediaException exception)
        {
            outcome = [clip.Reject(stage.Name, $"{exception.Message}")];
        }

        CuratedClip[] alive = [.. outcome.Where(one => one.IsAlive)];
        StageCount count = new(1, alive.Length, clip.Seconds, alive.Sum(one => one.Seconds));
        counts[stage.Name] = counts.GetValueOrDefault(stage.Name, StageCount.None).Plus(count);
        clips.RemoveAt(at);
        clips.InsertRange(at, outcome.Select(one => one with { Passed = clip.Passed + 1 }));
    }
}
