using System.Text.RegularExpressions;

namespace MedGen.Sdk.Models;

/// <summary>
/// The words that a model was trained on: what is not among them, it cannot know. A model folder that has them as <see cref="FileName"/> (UTF-8, a
/// word a line) makes the platform tell the caller which words of a prompt are none of them.
/// </summary>
public sealed partial class PromptLexicon
{
    /// <summary>Name of the file in a model folder.</summary>
    public const string FileName = "lexicon.txt";

    private const int MostNamed = 20;
    private const double RarestTexts = 10_000;

    // Words that ask for a clip and join others, but name nothing that a clip could show.
    private static readonly HashSet<string> Connecting = new(
        ("a about above after all also an and another any are as at be been below between beyond but by can clip could create "
            + "demonstrates demonstrating depicting detailed display displaying during each for from generate give has have having high his "
            + "her i image images in into is it its just like look looks make me medical more my near no not of on one or our over patient "
            + "patients photo picture pictures please quality realistic same see seen series several short show showing shows some than that "
            + "the their there these this those through to under up us video view was we what where which while who whose with within "
            + "without would you your").Split(' '),
        StringComparer.Ordinal);

    private readonly HashSet<string> _words;

    private PromptLexicon(IEnumerable<string> words) => _words = new HashSet<string>(words, StringComparer.Ordinal);

    /// <summary>The words in lower case, in ordinal order.</summary>
    public IReadOnlyList<string> Words => [.. _words.Order(StringComparer.Ordinal)];

    /// <summary>
    /// The words of texts, and the parts of compounds. What fewer than one of 10,000 texts has is left out: it was not learnt, and is a typing error
    /// more often than not.
    /// </summary>
    /// <param name="texts">For instance all captions of a training.</param>
    /// <returns>The lexicon.</returns>
    public static PromptLexicon Of(IEnumerable<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        int read = 0;
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        foreach (string text in texts)
        {
            read++;
            foreach (string word in WordsOf(text).SelectMany(word => word.Split('-').Append(word)).Distinct(StringComparer.Ordinal))
            {
                counts[word] = counts.GetValueOrDefault(word) + 1;
            }
        }

        return new PromptLexicon(counts.Where(word => word.Value >= read / RarestTexts).Select(word => word.Key));
    }

    /// <summary>Reads the lexicon of a model folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>The lexicon; null when the folder has none.</returns>
    public static PromptLexicon? Read(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string path = Path.Combine(folder, FileName);
        return File.Exists(path) ? new PromptLexicon(File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0)) : null;
    }

    /// <summary>
    /// The words of a prompt that are not known, in their order, each once, in lower case; at most 20. Numbers, words of one letter, and words that
    /// only join others are passed over; a plural is known with its singular and the other way round, a compound with its parts.
    /// </summary>
    /// <param name="prompt">The prompt.</param>
    /// <returns>The words; empty when all are known.</returns>
    public IReadOnlyList<string> UnknownWords(string prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return [.. WordsOf(prompt).Distinct(StringComparer.Ordinal).Where(word => !IsKnown(word)).Take(MostNamed)];
    }

    /// <summary>Whether any word of a prompt that names something is known.</summary>
    /// <param name="prompt">The prompt.</param>
    public bool SharesAWordWith(string prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return WordsOf(prompt).Any(word => word.Length > 1 && !Connecting.Contains(word) && IsKnown(word));
    }

    private static IEnumerable<string> WordsOf(string text) => Word().Matches(text.ToLowerInvariant()).Select(match => match.Value);

    private bool IsKnown(string word) =>
        word.Length == 1
            || Connecting.Contains(word)
            || _words.Contains(word)
            || _words.Contains(word + "s")
            || _words.Contains(word + "es")
            || (word.EndsWith('s') && _words.Contains(word[..^1]))
            || (word.EndsWith("es", StringComparison.Ordinal) && _words.Contains(word[..^2]))
            || (word.Contains('-') && word.Split('-', StringSplitOptions.RemoveEmptyEntries).All(part => part.All(char.IsDigit) || IsKnown(part)));

    // A word has a letter; digits, hyphens and ampersands may be within it: t2, b-lines, h&e.
    [GeneratedRegex(@"(?=[\d&'-]*\p{L})[\p{L}\d]+(?:[&'-][\p{L}\d]+)*")]
    private static partial Regex Word();
}
