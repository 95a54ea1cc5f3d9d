using System.Globalization;
using MedGen.Phantoms.Randomness;
using MedGen.Sdk.Errors;

namespace MedGen.Phantoms.Lexicon;

/// <summary>
/// Writes captions as people would ask for a clip: sentences, shorthand, report style, questions and keyword lists, in several languages, in any case
/// and with an occasional typing error. The same random numbers give the same caption.
/// </summary>
/// <param name="lexicon">The words.</param>
/// <param name="takes">
/// Which templates may be used; null: all. Keyword lists count as the template <c>keywords</c>. A language without one gives way to English, which
/// must keep one for every kind.
/// </param>
/// <param name="says">
/// Which names may be used; null: all. Where it allows none of a place, that place has all of its names, so that a sampler of the names that another
/// one leaves out says one of them wherever there is one.
/// </param>
public sealed class CaptionSampler(ClinicalLexicon lexicon, Func<string, bool>? takes = null, Func<string, bool>? says = null)
{
    private const string KeywordTemplate = "keywords";
    private const string English = "en";
    private const double EnglishShare = 0.8;
    private const double KeywordShare = 0.15;
    private const double KeywordSlotShare = 0.4;
    private const double FramedShare = 0.35;

    private static readonly string[] Separators = [", ", " ", "; ", " | ", " - "];

    /// <summary>Writes a caption.</summary>
    /// <param name="kind">Kind of the simulated clip, for instance <c>us-cardiac</c>.</param>
    /// <param name="truth">What is true of it; nothing else is said.</param>
    /// <param name="random">The only source of randomness.</param>
    /// <returns>The caption.</returns>
    /// <exception cref="InvalidInputException">The lexicon has no words for the kind, or no template that may be used fits.</exception>
    public string Sample(string kind, PhantomTruth truth, Random random)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(random);
        Dictionary<string, string> values = new(truth.Values, StringComparer.Ordinal) { ["label"] = truth.Label };
        string language = random.Chance(EnglishShare) ? English : random.Pick(ClinicalLexicon.Languages);
        IReadOnlyDictionary<string, IReadOnlyList<string>> names = Names(kind, language, values);
        bool isKeywords = random.Chance(KeywordShare) && Takes(KeywordTemplate);
        string[] fitting = isKeywords ? [] : Fitting(kind, language, names);
        if (!isKeywords && fitting.Length == 0)
        {
            (language, names) = (English, Names(kind, English, values));
            fitting = Fitting(kind, English, names);
            if (fitting.Length == 0)
            {
                throw new InvalidInputException(
                    "templates", $"none that may be used says something of a '{kind}' of label '{truth.Label}' in English.");
            }
        }

        string caption = isKeywords ? Keywords(names, random) : Fill(random.Pick(fitting), slot => random.Pick(names[slot]));
        caption = Fill(caption, name => Value(values[name]));
        if (random.Chance(FramedShare))
        {
            caption = Fill(random.Pick(lexicon.Framings(language)), name => name == "caption" ? caption : random.Pick(lexicon.Phrases(name)));
        }

        return CaptionNoise.Apply(caption, random);
    }

    private bool Takes(string template) => takes?.Invoke(template) ?? true;

    private IReadOnlyDictionary<string, IReadOnlyList<string>> Names(string kind, string language, IReadOnlyDictionary<string, string> values)
    {
        IReadOnlyDictionary<string, IReadOnlyList<string>> names = lexicon.Names(kind, language, values);
        return says is null ? names : names.ToDictionary(
            slot => slot.Key,
            slot => slot.Value.Where(says).ToArray() is { Length: > 0 } some ? some : slot.Value,
            StringComparer.Ordinal);
    }

    private string[] Fitting(string kind, string language, IReadOnlyDictionary<string, IReadOnlyList<string>> names) =>
        [.. lexicon.Templates(kind, language, names.Keys.ToHashSet()).Where(Takes)];

    /// <summary>Modality and some of the rest, in any order.</summary>
    private static string Keywords(IReadOnlyDictionary<string, IReadOnlyList<string>> names, Random random)
    {
        List<string> slots = [.. names.Keys.Where(slot => slot == "modality" || random.Chance(KeywordSlotShare))];
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
