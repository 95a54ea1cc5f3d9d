using MedGen.Phantoms.Randomness;

namespace MedGen.Phantoms.Lexicon;

/// <summary>What happens to words on their way through a keyboard: case, a typing error, a full stop more or less.</summary>
internal static class CaptionNoise
{
    private const int ShortestMistyped = 5;

    /// <summary>Changes a caption.</summary>
    public static string Apply(string caption, Random random)
    {
        string text = random.Chance(0.08) ? Mistype(caption, random) : caption;
        double letters = random.NextDouble();
        text = letters switch
        {
            < 0.35 => text.ToLowerInvariant(),
            < 0.39 => text.ToUpperInvariant(),
            < 0.7 => char.ToUpperInvariant(text[0]) + text[1..],
            _ => text,
        };
        return random.Chance(0.2) && char.IsLetterOrDigit(text[^1]) ? text + "." : text;
    }

    /// <summary>Swaps, drops or doubles one letter of one longer word.</summary>
    private static string Mistype(string text, Random random)
    {
        string[] words = text.Split(' ');
        int[] longer = [.. Enumerable.Range(0, words.Length).Where(i => words[i].Length >= ShortestMistyped && words[i].All(char.IsLetter))];
        if (longer.Length == 0)
        {
            return text;
        }

        int word = longer[random.Next(longer.Length)];
        string old = words[word];
        int at = random.Next(1, old.Length - 1);
        words[word] = random.Next(3) switch
        {
            0 => $"{old[..at]}{old[at + 1]}{old[at]}{old[(at + 2)..]}",
            1 => old.Remove(at, 1),
            _ => old.Insert(at, old[at].ToString()),
        };
        return string.Join(' ', words);
    }
}
