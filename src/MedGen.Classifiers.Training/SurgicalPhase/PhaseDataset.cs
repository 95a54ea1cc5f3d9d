using System.Globalization;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Media;
using MedGen.Classifiers.Training.SurgicalPhase.Evaluation;

namespace MedGen.Classifiers.Training.SurgicalPhase;

/// <summary>
/// Finds videos and labels as the data sets are distributed: Cholec80 (<c>videos/</c>, <c>phase_annotations/</c>; <c>tool_annotations/</c> is passed
/// over) and AutoLaparo (<c>videos/</c>, <c>labels/label_NN.txt</c>).
/// </summary>
internal sealed class PhaseDataset(IVideoReader reader)
{
    private static readonly string[] VideoExtensions = [".mp4", ".avi", ".mkv", ".mov", ".webm"];

    /// <summary>The workflow that a folder's layout tells of.</summary>
    public static SurgicalWorkflow WorkflowOf(string folder) =>
        Directory.Exists(Path.Combine(folder, "phase_annotations")) ? SurgicalWorkflow.Cholec80
        : Directory.Exists(Path.Combine(folder, "labels")) ? SurgicalWorkflow.AutoLaparo
        : throw new InvalidInputException("data", $"{folder} has neither phase_annotations/ (Cholec80) nor labels/ (AutoLaparo).");

    /// <summary>Reads labels, looks at every video, and checks that their lengths agree.</summary>
    public async Task<IReadOnlyList<PhaseVideo>> ReadAsync(
        string folder, SurgicalWorkflow workflow, PhaseTrainingOptions options, CancellationToken cancellationToken)
    {
        SortedDictionary<string, string> files = Find(Path.Combine(folder, "videos"), VideoExtensions);
        SortedDictionary<string, string> labels = Find(
            Path.Combine(folder, workflow == SurgicalWorkflow.Cholec80 ? "phase_annotations" : "labels"), [".txt"]);
        List<FieldViolation> missing =
        [
            .. files.Where(v => !labels.ContainsKey(v.Key))
            .Select(v => new FieldViolation("data", $"{Path.GetFileName(v.Value)} has no label file.")),
            .. labels.Where(l => !files.ContainsKey(l.Key)).Select(l => new FieldViolation("data", $"{Path.GetFileName(l.Value)} has no video.")),
        ];
        if (missing.Count > 0)
        {
            throw new InvalidInputException(missing);
        }

        IReadOnlyDictionary<string, PhaseSplit> splits = PhaseSplitPlan.Assign([.. files.Keys], options);
        var videos = new List<PhaseVideo>();
        foreach ((string key, string path) in files.Where(v => splits.ContainsKey(v.Key)))
        {
            IVideoClip clip = await reader.OpenAsync(path, cancellationToken).ConfigureAwait(false);
            videos.Add(new PhaseVideo
            {
                Name = Path.GetFileNameWithoutExtension(path),
                Origin = FormattableString.Invariant($"{new FileInfo(path).Length} bytes"),
                Split = splits[key],
                Phases = PerSecond(PhaseFileReader.Read(labels[key], workflow), Path.GetFileName(path), clip.Info),
                Frames = token => clip.ReadFramesAsync(new FrameSampling { FramesPerSecond = 1 }, token),
            });
        }

        return videos;
    }

    /// <summary>A line per frame of the video, per frame at 25 fps, or per second; the counts may differ by one second.</summary>
    internal static IReadOnlyList<int> PerSecond(PhaseAnnotation labels, string video, VideoInfo info)
    {
        double? seconds = info.Duration?.TotalSeconds ?? (info.FrameCount / info.FrameRate);
        if (seconds is not { } length || info.FrameRate is not { } rate)
        {
            throw new MediaException(video, $"{video} states no duration or no frame rate.");
        }

        int lines = labels.Phases.Count;
        if (Math.Abs(lines - (length * rate)) <= rate)
        {
            int count = (int)Math.Ceiling(lines / rate);
            return [.. Enumerable.Range(0, count).Select(s => labels.Phases[Math.Min(lines - 1, (int)Math.Round(s * rate))])];
        }

        if (Math.Abs(lines - (length * PhaseExport.Cholec80FramesPerSecond)) <= PhaseExport.Cholec80FramesPerSecond)
        {
            // Cholec80's labels beside a video that was written again at another rate.
            return [.. labels.Phases.Where((_, i) => i % PhaseExport.Cholec80FramesPerSecond == 0)];
        }

        return Math.Abs(lines - length) <= 1
            ? labels.Phases
            : throw new InvalidInputException(
                "data",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{labels.Source} has {lines} lines; {video} has {length * rate:0} frames in {length:0.0} s. A line per frame, per frame at 25 "
                        + $"fps, or per second is expected."));
    }

    private static SortedDictionary<string, string> Find(string folder, string[] extensions)
    {
        if (!Directory.Exists(folder))
        {
            throw new InvalidInputException("data", $"There is no folder {folder}.");
        }

        SortedDictionary<string, string> files = new(Comparer<string>.Create(PhasePairs.CompareVideos));
        foreach (string path in Directory.EnumerateFiles(folder).Where(f =>
            extensions.Contains(Path.GetExtension(f), StringComparer.OrdinalIgnoreCase)))
        {
            string video = PhasePairs.VideoOf(path);
            if (!files.TryAdd(video, path))
            {
                throw new InvalidInputException(
                    "data", $"{Path.GetFileName(files[video])} and {Path.GetFileName(path)} are both about video {video}.");
            }
        }

        return files.Count > 0 ? files : throw new InvalidInputException("data", $"{folder} has no {string.Join(", ", extensions)} file.");
    }
}
