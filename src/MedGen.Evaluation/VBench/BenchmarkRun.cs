using MedGen.Datasets.Files;
using MedGen.Evaluation.VBench.Clips;
using MedGen.Evaluation.VBench.Dimensions;
using MedGen.Evaluation.VBench.Networks;
using MedGen.Evaluation.VBench.Results;
using MedGen.Media;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Evaluation.VBench;

/// <summary>
/// Med-VBench's automatic part: VBench's custom-input dimensions over the clips of prompts, one report. Neither a clip that was made nor one that was
/// scored is done again when the run is repeated in the same folder.
/// </summary>
/// <param name="reader">Decodes clips.</param>
/// <param name="writer">Writes generated ones.</param>
public sealed class BenchmarkRun(IVideoReader reader, IVideoWriter writer)
{
    /// <summary>Folder below the output for generated clips.</summary>
    public const string ClipsFolder = "clips";

    private const string ScoresName = "scores.jsonl";

    // Of a run that generates, the time goes there.
    private const double GenerationShare = 0.7;

    /// <summary>Measures. Torch runs in it; run nothing else on torch meanwhile.</summary>
    /// <param name="task">What to measure.</param>
    /// <param name="progress">Told what is done, from 0 to 1.</param>
    /// <param name="cancellationToken">Stops after a clip; what is done stays.</param>
    /// <returns>What was measured; the report lies in the output folder.</returns>
    /// <exception cref="InvalidInputException">Task, prompts, clips or networks do not fit.</exception>
    /// <exception cref="ModelFormatException">Model or network cannot be read.</exception>
    /// <exception cref="MediaException">A clip cannot be decoded.</exception>
    public async Task<BenchmarkResult> RunAsync(BenchmarkTask task, Action<string, double> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(progress);
        if (task.Model is null == task.Videos is null)
        {
            throw new InvalidInputException("model", "got both or neither of --model and --videos; allowed: one of them.");
        }

        Violations.ThrowIfDeclaredRulesBroken(task.Generation);
        (IReadOnlyList<string> taken, IReadOnlyList<string> all) = BenchmarkPrompts.Read(task.Prompts, task.Limit);
        using BenchmarkNetworks networks = BenchmarkNetworks.Open(task.Networks, task.ModalityWeights);
        string folder = task.Videos ?? Path.Combine(task.Output, ClipsFolder);
        Directory.CreateDirectory(task.Output);
        ClipOrigin? origin = task.Model is null
            ? null
            : await new ClipGeneration(writer).MakeAsync(
                task.Model, taken, task.Generation, folder, (what, share) => progress(what, GenerationShare * share), cancellationToken)
                .ConfigureAwait(false);
        double begin = origin is null ? 0 : GenerationShare;
        IReadOnlyList<BenchmarkClip> clips = ClipFolder.Read(folder, taken, all);
        ScoreStore store = ScoreStore.Open(Path.Combine(task.Output, ScoresName));
        List<ScoredClip> scored = [];
        List<ScoreStore.Line[]> lines = [];
        foreach ((int done, BenchmarkClip clip) in clips.Index())
        {
            progress($"scoring {clip.Name}", begin + ((1 - begin) * done / clips.Count));
            string hash = await FileHash.OfAsync(clip.Path, cancellationToken).ConfigureAwait(false);
            ScoreStore.Line[] own = await ScoreAsync(clip, hash, networks.Measures, store, cancellationToken).ConfigureAwait(false);
            lines.Add(own);
            scored.Add(new ScoredClip(
                clip.Name, hash, clip.Prompt, clip.Seed, networks.Measures.Zip(own).ToDictionary(one => one.First.Name, one => one.Second.Value)));
        }

        BenchmarkResult result = new()
        {
            Name = origin?.Model ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))),
            Origin = origin,
            Prompts = taken.Count,
            AllPrompts = all.Count,
            PromptsWithoutClips = [.. taken.Except(clips.Select(clip => clip.Prompt))],
            Scores = [.. networks.Measures.Select((measure, column) => Sum(measure, [.. lines.Select(own => own[column])]))],
            Clips = scored,
        };
        await BenchmarkReport.WriteAsync(task.Output, result, clips, reader, cancellationToken).ConfigureAwait(false);
        return result;
    }

    private static BenchmarkScore Sum(Measure measure, IReadOnlyList<ScoreStore.Line> lines)
    {
        ScoreStore.Line[] counted = [.. lines.Where(line => line.Value is not null)];
        return new BenchmarkScore
        {
            Name = measure.Name,
            Dimension = measure.Dimension,
            Network = measure.Network,
            Sha256 = measure.Sha256,
            IsUpstream = measure.IsUpstream,
            Unit = measure.Unit,
            Value = counted.Sum(line => line.Value!.Value * line.Weight) / counted.Sum(line => (double)line.Weight),
            Clips = counted.Length,
        };
    }

    // All dimensions look at the frames of one decoding.
    private async Task<ScoreStore.Line[]> ScoreAsync(
        BenchmarkClip clip, string hash, IReadOnlyList<Measure> measures, ScoreStore store, CancellationToken cancellationToken)
    {
        Measure[] open = [.. measures.Where(measure => store.Find(hash, measure) is null)];
        if (open.Length > 0)
        {
            IVideoClip video = await reader.OpenAsync(clip.Path, cancellationToken).ConfigureAwait(false);
            double rate = video.Info.FrameRate ?? throw new MediaException(clip.Name, $"'{clip.Name}' is a still; a clip is needed.");
            IClipDimension[] dimensions = [.. open.Select(measure => measure.Create(rate))];
            await foreach (VideoFrame frame in video.ReadFramesAsync(new FrameSampling { Format = FrameFormat.Rgb24 }, cancellationToken)
                .ConfigureAwait(false))
            {
                using (frame)
                {
                    ClipFrame kept = ClipFrame.Of(frame);
                    foreach (IClipDimension dimension in dimensions)
                    {
                        dimension.Add(kept);
                    }
                }
            }

            store.Add([.. open.Zip(dimensions, (measure, dimension) => dimension.Score() is { } score
                ? new ScoreStore.Line(hash, measure.Key, score.Value, score.Weight)
                : new ScoreStore.Line(hash, measure.Key, Value: null, Weight: 0))]);
        }

        return [.. measures.Select(measure => store.Find(hash, measure)!)];
    }
}
