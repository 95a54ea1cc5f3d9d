using System.Globalization;
using MedGen.Sdk.Errors;
using MedGen.Classifiers.Training.SurgicalPhase.Evaluation;

namespace MedGen.Classifiers.Training.SurgicalPhase;

/// <summary>Divides videos: by counts in the order of their names, or as a file says. No video is in two splits.</summary>
internal static class PhaseSplitPlan
{
    private static readonly Dictionary<int, Counts> Published = new() { [80] = new(40, 8, 32), [21] = new(10, 4, 7) };

    /// <summary>Videos of each split.</summary>
    internal sealed record Counts(int Train, int Validation, int Test)
    {
        public int Sum => Train + Validation + Test;
    }

    public static Counts Parse(string text)
    {
        int[] numbers =
            [.. text.Split('/').Select(n =>
                int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value is >= 1 and <= 100_000 ? value : 0)];
        return numbers is [> 0, > 0, > 0]
            ? new Counts(numbers[0], numbers[1], numbers[2])
            : throw new InvalidInputException(
                "split", $"got '{text}'; allowed: three numbers of at least 1, for instance 40/8/32 (training, validation, test).");
    }

    /// <summary>The split of each video; a video that a file leaves out is missing.</summary>
    public static IReadOnlyDictionary<string, PhaseSplit> Assign(IReadOnlyList<string> videos, PhaseTrainingOptions options) =>
        options.SplitFile is { } file ? ReadFile(file, videos) : Count(videos, options.Split is { } text ? Parse(text) : null);

    private static Dictionary<string, PhaseSplit> Count(IReadOnlyList<string> videos, Counts? wanted)
    {
        Counts counts = wanted ?? Published.GetValueOrDefault(videos.Count)
            ?? throw new InvalidInputException(
                "split", $"There are {videos.Count} videos, for which no split is published; name one, for instance 40/8/32.");
        return counts.Sum == videos.Count
            ? videos.Index().ToDictionary(
                v => v.Item,
                v => v.Index < counts.Train ? PhaseSplit.Train : v.Index < counts.Train + counts.Validation ? PhaseSplit.Validation : PhaseSplit.Test)
            : throw new InvalidInputException(
                "split", $"{counts.Train}/{counts.Validation}/{counts.Test} are {counts.Sum} videos, the folder has {videos.Count}.");
    }

    private static Dictionary<string, PhaseSplit> ReadFile(string path, IReadOnlyList<string> videos)
    {
        string name = Path.GetFileName(path);
        var splits = new Dictionary<string, PhaseSplit>();
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            string[] cells = line.Trim('\uFEFF', ' ', '\r').Split(',', StringSplitOptions.TrimEntries);
            if (cells is [""] || (number == 1 && cells is ["video", "split"]))
            {
                continue;
            }

            string video = PhasePairs.VideoOf(cells[0]);
            PhaseSplit split = (cells.Length == 2 ? cells[1] : "") switch
            {
                "train" => PhaseSplit.Train,
                "validation" => PhaseSplit.Validation,
                "test" => PhaseSplit.Test,
                _ => throw Wrong("a video and one of train, validation, test are expected, separated by a comma"),
            };
            if (!videos.Contains(video))
            {
                throw Wrong($"the folder has no video '{cells[0]}'");
            }

            if (!splits.TryAdd(video, split))
            {
                throw Wrong(
                    $"video '{cells[0]}' is already in the split {splits[video].ToString().ToLowerInvariant()}; a video may be in one split only");
            }
        }

        return Enum.GetValues<PhaseSplit>().All(splits.ContainsValue)
            ? splits
            : throw new InvalidInputException("split_file", $"{name}: each of train, validation and test needs at least one video.");

        InvalidInputException Wrong(string what) => new("split_file", $"{name}, line {number}: {what}.");
    }
}
