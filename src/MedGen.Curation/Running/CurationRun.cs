using MedGen.Curation.Results;
using MedGen.Curation.Scanning;
using MedGen.Curation.Specifications;
using MedGen.Curation.Stages;
using MedGen.Curation.Videos;
using MedGen.Curation.Writing;
using MedGen.Media;
using MedGen.Media.Cutting;
using MedGen.Sdk.Errors;

namespace MedGen.Curation.Running;

/// <summary>
/// From a folder of films to a data set: looks at all files, scans each film once, takes its clips through the stages, and writes the data set. Films
/// are done side by side; each keeps how far it is, so that an interrupted run goes on and does no finished film again.
/// </summary>
/// <param name="reader">Decodes.</param>
/// <param name="cutter">Cuts.</param>
/// <param name="time">The clock.</param>
public sealed class CurationRun(IVideoReader reader, IVideoCutter cutter, TimeProvider time)
{
    /// <summary>Runs, or goes on.</summary>
    /// <param name="task">What to do.</param>
    /// <param name="progress">Told how far it is, from several threads.</param>
    /// <param name="cancellationToken">Stops; what is done is kept, and <c>Resume</c> goes on from there.</param>
    /// <returns>What came of it.</returns>
    /// <exception cref="InvalidInputException">Input, output or specification are wrong.</exception>
    /// <exception cref="ModelFormatException">A network cannot be read.</exception>
    /// <exception cref="UnavailableException">The caption service does not answer.</exception>
    public async Task<CurationSummary> RunAsync(CurationTask task, Action<CurationProgress> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(progress);
        CurationSpec spec = CurationSpecReader.Check(task.Spec);
        InputFolder input = InputFolder.Read(task.Input, task.List);
        if (IsWithin(task.Output, input.Root))
        {
            throw new InvalidInputException("out", "lies in the input folder; the next run would take its clips for films. Give another folder.");
        }

        using StageSet stages = StageSet.Open(task, cutter);
        new CurationClaim(spec, stages.Network.Name).Take(task.Output, task.Mode, task.RunId);
        WorkFolder work = new(task.Output);
        Directory.CreateDirectory(Path.Combine(task.Output, CutStage.ClipsFolder));
        ParallelOptions options = new() { MaxDegreeOfParallelism = task.Workers, CancellationToken = cancellationToken };
        ProgressMeter meter = new(progress, time);

        IReadOnlyList<SourceVideo> videos = await ProbeAsync(input, new FilmProbe(reader, work, spec.MinShortSide), options).ConfigureAwait(false);
        meter.Begin(videos.Where(video => video.RejectedBy is null));
        FilmKeyframes keyframes = new(reader, spec, stages.Network);
        VideoScanner scanner = new(reader, spec, stages.Network);
        Dictionary<string, VideoScan> scans = await ScanAsync(input, videos, keyframes, scanner, work, meter, options).ConfigureAwait(false);
        videos = DropDuplicates(videos, scans, work, spec);
        CuratedFilm[] films = new CuratedFilm[videos.Count];
        await Parallel.ForAsync(0, videos.Count, options, async (index, token) =>
            films[index] = await CurateAsync(input, videos[index], scans, stages, work, meter, task.Output, token).ConfigureAwait(false))
                .ConfigureAwait(false);
        return await DatasetWriter
            .WriteAsync(task.Output, spec, input, films, keyframes.LeftOut, stages.Create(), stages.Network.Name, cancellationToken)
            .ConfigureAwait(false);
    }

    private static bool IsWithin(string folder, string root) =>
        (Path.GetFullPath(folder) + Path.DirectorySeparatorChar).StartsWith(
            Path.TrimEndingDirectorySeparator(root) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static async Task<IReadOnlyList<SourceVideo>> ProbeAsync(InputFolder input, FilmProbe probe, ParallelOptions options)
    {
        SourceVideo[] videos = new SourceVideo[input.Videos.Count];
        await Parallel.ForAsync(0, videos.Length, options, async (index, token) =>
            videos[index] = await probe.LookAsync(input.Root, input.Videos[index], token).ConfigureAwait(false)).ConfigureAwait(false);
        return probe.Sift(videos);
    }

    private static async Task<Dictionary<string, VideoScan>> ScanAsync(
        InputFolder input, IReadOnlyList<SourceVideo> videos, FilmKeyframes keyframes, VideoScanner scanner, WorkFolder work, ProgressMeter meter,
        ParallelOptions options)
    {
        Dictionary<string, VideoScan> scans = new(StringComparer.Ordinal);
        await Parallel.ForEachAsync(videos.Where(video => video.RejectedBy is null), options, async (video, token) =>
        {
            VideoScan? scan = work.Scan(video);
            if (scan is null)
            {
                string path = Path.Combine(input.Root, video.FileName);
                try
                {
                    scan = await keyframes.RejectAsync(path, video, token).ConfigureAwait(false) is { } reason
                        ? new VideoScan { Width = 1, Height = 1, Frames = [], Seconds = [], NotMedical = reason }
                        : await scanner.ScanAsync(path, seconds => meter.Scanned(video, seconds), token).ConfigureAwait(false);
                }
                catch (MediaException exception)
                {
                    // Kept as a scan without frames, so that it is not tried again; the film is dropped for it.
                    scan = new VideoScan { Width = 1, Height = 1, Frames = [], Seconds = [], BrokenOff = exception.Message };
                }

                work.Keep(video, scan);
            }

            meter.Scanned(video, video.Seconds);
            lock (scans)
            {
                scans.Add(video.Sha256, scan);
            }
        }).ConfigureAwait(false);
        return scans;
    }

    private static IReadOnlyList<SourceVideo> DropDuplicates(
        IReadOnlyList<SourceVideo> videos, Dictionary<string, VideoScan> scans, WorkFolder work, CurationSpec spec)
    {
        SourceVideo[] readable =
        [
            .. videos.Select(video => video.RejectedBy is not null ? video : scans[video.Sha256] switch
            {
                { NotMedical: { } reason } => video with { RejectedBy = FilmStages.Keyframes, Reason = reason },
                { Frames.Count: 0 } empty => video with { RejectedBy = FilmStages.Readable, Reason = empty.BrokenOff ?? "no frame can be decoded" },
                _ => video,
            }),
        ];

        // A film that is done stays; else one that the list describes, then the one with the most to see.
        (SourceVideo Video, VideoScan Scan)[] best =
        [
            .. readable.Where(video => video.RejectedBy is null)
                .OrderByDescending(video => work.State(video)?.IsDone == true).ThenByDescending(video => video.Columns.Count > 0)
                .ThenByDescending(video => (long)video.Width * video.Height).ThenByDescending(video => video.Bytes)
                .ThenBy(video => video.FileName, StringComparer.Ordinal)
                .Select(video => (video, scans[video.Sha256])),
        ];
        IReadOnlyDictionary<SourceVideo, SourceVideo> same = FilmDuplicates.Find(best, spec.Duplicates.MaxDistance);
        return
        [
            .. readable.Select(video => same.TryGetValue(video, out SourceVideo? kept)
                ? video with { RejectedBy = FilmStages.Duplicate, Reason = $"looks the same as {kept.FileName}" }
                : video),
        ];
    }

    private async Task<CuratedFilm> CurateAsync(
        InputFolder input, SourceVideo video, Dictionary<string, VideoScan> scans, StageSet stages, WorkFolder work, ProgressMeter meter,
        string output, CancellationToken cancellationToken)
    {
        if (video.RejectedBy is not null)
        {
            return new CuratedFilm(video, State: null, BrokenOff: null);
        }

        VideoScan scan = scans[video.Sha256];
        using ClipSource source = new(reader, video, scan, Path.Combine(input.Root, video.FileName), output);
        VideoState state = await new FilmCuration(stages.Create(), work, meter, time).RunAsync(source, cancellationToken).ConfigureAwait(false);
        return new CuratedFilm(video, state, scan.BrokenOff);
    }
}
