using System.Globalization;
using MedGen.Phantoms.Randomness;

namespace MedGen.Phantoms.Lexicon;

/// <summary>
/// Writes captions as people would ask for a clip: sentences, shorthand, report style, questions and keyword lists, in several languages, in any case
/// and with an occasional typing error. The same random numbers give the same caption.
/// </summary>
/// <param name="lexicon">The words.</param>
public sealed class CaptionSampler(ClinicalLexicon lexicon)
{
    private const double EnglishShare = 0.8;
    private const double KeywordShare = 0.2;
    private const double FramedShare = 0.2;

    private static readonly string[] Separators = [", ", " ", "; ", " | ", " - "];

    /// <summary>Writes a caption.</summary>
    /// <param name="kind">Kind of the simulated clip, for instance <c>us-cardiac</c>.</param>
    /// <param name="truth">What is true of it; nothing else is said.</param>
    /// <param name="random">The only source of randomness.</param>
    /// <returns>The caption.</returns>
    /// <exception cref="Sdk.Errors.InvalidInputException">The lexicon has no words for the kind.</exception>
    public string Sample(string kind, PhantomTruth truth, Random random)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(random);
        Dictionary<string, string> values = new(truth.Values, StringComparer.Ordinal) { ["label"] = truth.Label };
        string language = random.Chance(EnglishShare) ? "en" : random.Pick(ClinicalLexicon.Languages);
        IReadOnlyDictionary<string, IReadOnlyList<string>> names = lexicon.Names(kind, language, values);
        string caption = random.Chance(KeywordShare)
            ? Keywords(names, random)
            : Fill(random.Pick(lexicon.Templates(kind, language, names.Keys.ToHashSet())), slot => random.Pick(names[slot]));
        caption = Fill(caption, name => Value(values[name]));
        if (language == "en" && random.Chance(FramedShare))
        {
            caption = random.Pick(lexicon.Framings).Replace("{caption}", caption, StringComparison.Ordinal);
        }

        return CaptionNoise.Apply(caption, random);
    }

    /// <summary>Modality and some of the rest, in any order.</summary>
    private static string Keywords(IReadOnlyDictionary<string, IReadOnlyList<string>> names, Random random)
    {
        List<string> slots = [.. names.Keys.Where(slot => slot == "modality" || random.Chance(0.6))];
        string[] words = [.. slots.Order(StringComparer.Ordinal).Select(slot => random.Pick(names[slot]))];
        random.Shuffle(words);
        return string.Join(random.Pick(Separators), words);
    }

    private static string Fill(string template, Func<string, string> value) =>
        ClinicalLexicon.Placeholder().Replace(template, match => value(match.Groups[1].Value));

    private static string Value(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
        ? Math.Round(number, Math.Abs(number) < 2 && number % 1 != 0 ? 1 : 0).ToString(CultureInfo.InvariantCulture)
        : text;
}
