using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MedGen.Datasets.Reading;
using MedGen.Sdk.Errors;

namespace MedGen.Datasets.Ratings;

/// <summary>All pages of a design, and the order in which each rater gets them.</summary>
public sealed class RatingPlan
{
    private readonly RatingDesign _design;

    private RatingPlan(RatingDesign design, IReadOnlyList<RatingItem> items, IReadOnlyList<string> leftOut) =>
        (_design, Items, LeftOut) = (design, items, leftOut);

    /// <summary>Everything that is asked, in the order of kinds, prompts and systems.</summary>
    public IReadOnlyList<RatingItem> Items { get; }

    /// <summary>What is not asked, and why, a sentence each.</summary>
    public IReadOnlyList<string> LeftOut { get; }

    /// <summary>Finds the clips and makes the pages.</summary>
    /// <param name="design">The design.</param>
    /// <param name="videos">Folder with one folder for each system.</param>
    /// <param name="seconds">Says how long a clip is, in s; asked for surgical questions only.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="InvalidInputException">A system's folder is missing or wrong, or nothing is left to be asked.</exception>
    public static async Task<RatingPlan> MakeAsync(RatingDesign design, string videos, Func<string, Task<double>> seconds)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(seconds);
        (string System, ILookup<string, RatedClip> Clips)[] systems =
        [
            .. design.Systems.Select(system => (system, PromptedClip.Read(Path.Combine(videos, system), "videos")
                .ToLookup(clip => OneLine(clip.Prompt), clip => new RatedClip(system, clip.Name, clip.Path)))),
        ];
        string[] prompts = [.. systems.SelectMany(system => system.Clips.Select(clips => clips.Key)).Distinct().Order(StringComparer.Ordinal)];
        List<RatingItem> items = [];
        List<string> leftOut = [];
        Dictionary<(string System, string Times), int> shorter = [];
        foreach (string prompt in prompts)
        {
            Compare(design, prompt, systems, items, leftOut);
            RatedClip[] clips = [.. systems.SelectMany(system => system.Clips[prompt])];
            if (design.Likert.Count > 0)
            {
                items.AddRange(clips.Select(clip => new RatingItem(
                    $"likert|{clip.System}|{clip.Name}", RatingKind.Likert, prompt, clip, Second: null, Seconds: null, Questions(design.Likert))));
            }

            foreach (RatedClip clip in design.Surgical ? clips : [])
            {
                double length = await seconds(clip.Path).ConfigureAwait(false);
                int[] asked = [.. RatingQuestion.SurgicalSeconds.Where(limit => limit <= length + 0.05)];
                items.AddRange(asked.Select(limit => new RatingItem(
                    string.Create(CultureInfo.InvariantCulture, $"surgical|{clip.System}|{clip.Name}|{limit}"), RatingKind.Surgical, prompt, clip,
                    Second: null, limit, RatingQuestion.Surgical)));
                int[] tooLong = [.. RatingQuestion.SurgicalSeconds.Except(asked)];
                if (tooLong.Length > 0)
                {
                    (string System, string Times) key = (clip.System, string.Join(", ", tooLong));
                    shorter[key] = shorter.GetValueOrDefault(key) + 1;
                }
            }
        }

        leftOut.AddRange(shorter.Select(one =>
            $"{one.Key.System}: {one.Value} clips are too short for the surgical questions at {one.Key.Times} s, which are left out there."));
        return items.Count > 0
            ? new RatingPlan(design, [.. items.OrderBy(item => item.Kind)], leftOut)
            : throw new InvalidInputException("design", $"nothing is left to be asked. {string.Join(" ", leftOut)}");
    }

    /// <summary>A rater's order: of each kind all pages in a random order, and of each comparison which clip stands on the left.</summary>
    /// <param name="rater">The rater; the same gets the same again.</param>
    /// <returns>The pages, and whether the first clip stands on the left.</returns>
    public IReadOnlyList<(RatingItem Item, bool IsFirstLeft)> For(string rater)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{_design.Seed}|{rater}")));
        Random random = new(BitConverter.ToInt32(hash));
        return
        [
            .. Items.GroupBy(item => item.Kind).SelectMany(kind =>
            {
                RatingItem[] shuffled = [.. kind];
                random.Shuffle(shuffled);
                return shuffled.Select(item => (item, random.Next(2) == 0)).ToArray();
            }),
        ];
    }

    // Every two systems, the clips of a prompt in the order of their names: the first against the first, and so on.
    private static void Compare(
        RatingDesign design, string prompt, (string System, ILookup<string, RatedClip> Clips)[] systems, List<RatingItem> items, List<string> leftOut)
    {
        for (int a = 0; design.Pairwise.Count > 0 && a < systems.Length; a++)
        {
            for (int b = a + 1; b < systems.Length; b++)
            {
                RatedClip[] first = [.. systems[a].Clips[prompt]];
                RatedClip[] second = [.. systems[b].Clips[prompt]];
                items.AddRange(first.Zip(second, (one, other) => new RatingItem(
                    $"pairwise|{one.System}|{one.Name}|{other.System}|{other.Name}", RatingKind.Pairwise, prompt, one, other, Seconds: null,
                    Questions(design.Pairwise))));
                if (first.Length != second.Length)
                {
                    leftOut.Add(
                        $"'{(prompt.Length <= 40 ? prompt : $"{prompt[..40]}…")}': {systems[a].System} has {first.Length} clips, {systems[b].System} "
                            + $"{second.Length}; {Math.Min(first.Length, second.Length)} are compared.");
                }
            }
        }
    }

    private static IReadOnlyList<RatingQuestion> Questions(IReadOnlyList<string> names) => [.. names.Select(name => RatingQuestion.Find(name)!)];

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
