using System.Globalization;
using System.Text.RegularExpressions;
using MedGen.Sdk.Errors;

namespace MedGen.Classifiers.Training.SurgicalPhase.Evaluation;

/// <summary>
/// Finds the label files of two folders that belong to the same video: <c>video41-phase.txt</c>, <c>video41.csv</c>, <c>label_41.txt</c> and
/// <c>41.txt</c> do.
/// </summary>
public static partial class PhasePairs
{
    private static readonly string[] Extensions = [".txt", ".csv"];

    /// <summary>The video that a file belongs to.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its number without leading zeros; else its name without extension and <c>-phase</c>.</returns>
    public static string VideoOf(string path)
    {
        string stem = Path.GetFileNameWithoutExtension(path);
        Match number = Number().Match(stem);
        return number.Success
            ? int.Parse(number.Groups[1].Value, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture)
            : Suffix().Replace(stem, "");
    }

    /// <summary>Reads both folders and pairs their files.</summary>
    /// <param name="predictionFolder">Folder with predicted phases.</param>
    /// <param name="truthFolder">Folder with annotated phases.</param>
    /// <param name="workflow">The phases.</param>
    /// <param name="videos">The videos wanted, as <see cref="VideoOf"/> names them; null: all.</param>
    /// <returns>The pairs by video, in the order of their numbers or names, lines matched.</returns>
    /// <exception cref="InvalidInputException">A folder is empty, a video lacks its other file or has two, or a file is wrong.</exception>
    public static IReadOnlyList<PhasePair> Read(
        string predictionFolder, string truthFolder, SurgicalWorkflow workflow, IReadOnlySet<string>? videos = null)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        SortedDictionary<string, string> predictions = Find("pred", predictionFolder, videos);
        SortedDictionary<string, string> truths = Find("truth", truthFolder, videos);
        List<FieldViolation> missing = [];
        Missing("pred", predictionFolder, truths.Where(t => !predictions.ContainsKey(t.Key)), missing);
        Missing("truth", truthFolder, predictions.Where(p => !truths.ContainsKey(p.Key)), missing);
        if (videos is not null)
        {
            missing.AddRange(
                videos.Where(v => !predictions.ContainsKey(v) && !truths.ContainsKey(v))
                    .Select(v => new FieldViolation("videos", $"Neither folder has video {v}.")));
        }

        return missing.Count > 0
            ? throw new InvalidInputException(missing)
            : [.. predictions.Select(p =>
                PhasePair.Align(p.Key, PhaseFileReader.Read(p.Value, workflow), PhaseFileReader.Read(truths[p.Key], workflow)))];
    }

    private static void Missing(string field, string folder, IEnumerable<KeyValuePair<string, string>> others, List<FieldViolation> missing) =>
        missing.AddRange(others.Select(o => new FieldViolation(
            field,
            $"The folder {Path.GetFileName(Path.TrimEndingDirectorySeparator(folder))} has no file for video {o.Key}, which "
                + $"{Path.GetFileName(o.Value)} is about.")));

    private static SortedDictionary<string, string> Find(string field, string folder, IReadOnlySet<string>? videos)
    {
        if (!Directory.Exists(folder))
        {
            throw new InvalidInputException(field, $"There is no folder {folder}.");
        }

        SortedDictionary<string, string> files = new(Comparer<string>.Create(CompareVideos));
        foreach (string path in Directory.EnumerateFiles(folder).Where(f =>
            Extensions.Contains(Path.GetExtension(f), StringComparer.OrdinalIgnoreCase)))
        {
            string video = VideoOf(path);
            if (videos?.Contains(video) != false && !files.TryAdd(video, path))
            {
                throw new InvalidInputException(
                    field,
                    $"{Path.GetFileName(files[video])} and {Path.GetFileName(path)} are both about video {video}; one file a video is allowed.");
            }
        }

        return files.Count > 0 ? files : throw new InvalidInputException(
            field, $"The folder {folder} has no .txt or .csv file{(videos is null ? "" : " of the chosen videos")}.");
    }

    internal static int CompareVideos(string? first, string? second) =>
        int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out int a)
            && int.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out int b)
            ? a.CompareTo(b)
            : string.CompareOrdinal(first, second);

    [GeneratedRegex(@"(?:^|video|label)[_-]?(\d{1,9})(?!\d)", RegexOptions.IgnoreCase)]
    private static partial Regex Number();

    [GeneratedRegex("[_-]?(phase|phases|pred)$", RegexOptions.IgnoreCase)]
    private static partial Regex Suffix();
}
