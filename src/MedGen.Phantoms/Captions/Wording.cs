using System.Text;

namespace MedGen.Phantoms.Captions;

/// <summary>
/// A grammar for captions: text in which <c>[a|b|c]</c> stands for one of its alternatives; alternatives may be empty and may hold further brackets.
/// </summary>
internal static class Wording
{
    /// <summary>Writes one of the texts that a template stands for.</summary>
    /// <param name="random">Chooses the alternatives.</param>
    /// <param name="template">The template.</param>
    /// <returns>The text, with runs of spaces joined, spaces before punctuation removed, and each sentence begun with a capital.</returns>
    /// <exception cref="FormatException">A bracket is not closed or not opened.</exception>
    public static string Write(Random random, string template)
    {
        int at = 0;
        List<string> alternatives = Alternatives(random, template, ref at);
        return at == template.Length && alternatives.Count == 1
            ? Tidy(alternatives[0])
            : throw new FormatException($"A caption template has a bracket or bar too many at {at}: {template}");
    }

    /// <summary>Puts <c>a</c> or <c>an</c> before a noun phrase.</summary>
    /// <param name="phrase">For instance <c>axial slice</c>.</param>
    /// <returns>The phrase with its article.</returns>
    public static string WithArticle(string phrase)
    {
        bool vowel = "aeiouAEIOU".Contains(phrase[0], StringComparison.Ordinal) && !phrase.StartsWith("uni", StringComparison.OrdinalIgnoreCase);
        bool spelt = phrase.StartsWith("MR", StringComparison.Ordinal) || phrase.StartsWith("X-", StringComparison.Ordinal);
        return (vowel || spelt ? "an " : "a ") + phrase;
    }

    // Reads up to the closing bracket of this level. The random choice inside an alternative that is then not taken does no harm: it is as
    // deterministic.
    private static List<string> Alternatives(Random random, string template, ref int at)
    {
        List<string> alternatives = [];
        StringBuilder text = new();
        for (; at < template.Length; at++)
        {
            switch (template[at])
            {
                case '[':
                    at++;
                    List<string> inner = Alternatives(random, template, ref at);
                    if (at == template.Length)
                    {
                        throw new FormatException($"A caption template has an open bracket: {template}");
                    }

                    text.Append(inner[random.Next(inner.Count)]);
                    break;
                case '|':
                    alternatives.Add(text.ToString());
                    text.Clear();
                    break;
                case ']':
                    alternatives.Add(text.ToString());
                    return alternatives;
                default:
                    text.Append(template[at]);
                    break;
            }
        }

        alternatives.Add(text.ToString());
        return alternatives;
    }

    private static string Tidy(string text)
    {
        StringBuilder tidy = new(text.Length);
        bool sentenceStarts = true;
        foreach (char letter in text)
        {
            char last = tidy.Length > 0 ? tidy[^1] : ' ';
            if (char.IsWhiteSpace(letter))
            {
                if (last != ' ')
                {
                    tidy.Append(' ');
                    sentenceStarts |= last == '.';
                }

                continue;
            }

            if (letter is '.' or ',' or ';' && last == ' ' && tidy.Length > 0)
            {
                tidy.Length--;
            }

            tidy.Append(sentenceStarts ? char.ToUpperInvariant(letter) : letter);
            sentenceStarts = false;
        }

        return tidy.ToString().TrimEnd();
    }
}
