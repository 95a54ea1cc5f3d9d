using MedGen.Model.Pipelines;
using MedGen.Phantoms.Randomness;
using MedGen.Training.Recipes;

namespace MedGen.Training.Clips;

/// <summary>Draws the words that a model is shown of a clip.</summary>
internal static class CaptionDraw
{
    /// <summary>
    /// What stands for a caption that is left out: the empty one, or the negative prompt that generation uses when none is given, so that guidance
    /// works with either.
    /// </summary>
    public static IReadOnlyList<string> Unconditional { get; } = ["", MedGenPipeline.DefaultNegativePrompt];

    /// <summary>Draws a caption.</summary>
    /// <param name="brief">Caption of one sentence.</param>
    /// <param name="detailed">Caption of a few sentences.</param>
    /// <param name="free">Captions in free words; may be empty.</param>
    /// <param name="detail">Which of the first two.</param>
    /// <param name="options">How often which.</param>
    /// <param name="random">The only source of randomness.</param>
    /// <returns>The caption.</returns>
    public static string Draw(
        string brief, string detailed, IReadOnlyList<string> free, CaptionDetail detail, FlowOptions options, Random random)
    {
        bool isBrief = detail == CaptionDetail.Brief || (detail == CaptionDetail.Mixed && random.Chance(0.5));
        string caption = isBrief ? brief : detailed;

        // Drawn only where it is wanted, so that recipes without it train as they did.
        if (options.FreeCaptions > 0 && free.Count > 0 && random.Chance(options.FreeCaptions))
        {
            caption = random.Pick(free);
        }

        if (random.Chance(options.CaptionDropout))
        {
            return random.Pick(Unconditional);
        }

        caption = options.CaptionExcerpts > 0 && random.Chance(options.CaptionExcerpts) ? Excerpt(caption, random) : caption;
        return options.WordDropout > 0 ? WithoutSomeWords(caption, options.WordDropout, random) : caption;
    }

    // Half of them from the beginning, where captions say what is seen.
    private static string Excerpt(string caption, Random random)
    {
        string[] words = caption.Split(' ');
        int first = random.Chance(0.5) ? 0 : random.Next(words.Length);
        return string.Join(' ', words.Skip(first).Take(random.Next(1, words.Length - first + 1))).TrimEnd('.', ',', ';', ':');
    }

    private static string WithoutSomeWords(string caption, double share, Random random)
    {
        string[] words = caption.Split(' ');
        string[] kept = [.. words.Where(_ => !random.Chance(share))];
        return kept.Length > 0 ? string.Join(' ', kept) : random.Pick(words);
    }
}
