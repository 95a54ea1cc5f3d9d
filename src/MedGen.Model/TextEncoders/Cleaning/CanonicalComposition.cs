using System.Globalization;
using System.Text;

namespace MedGen.Model.TextEncoders.Cleaning;

/// <summary>Unicode normalization form C (UAX #15): characters taken apart, marks put into order, then composed again.</summary>
internal static class CanonicalComposition
{
    // The Hangul syllables are composed by arithmetic, not by table (The Unicode Standard, 3.12).
    private const int SyllableBase = 0xAC00;
    private const int LeadBase = 0x1100;
    private const int VowelBase = 0x1161;
    private const int TrailBase = 0x11A7;
    private const int LeadCount = 19;
    private const int VowelCount = 21;
    private const int TrailCount = 28;
    private const int SyllableCount = LeadCount * VowelCount * TrailCount;

    private static readonly Dictionary<int, int[]> Decompositions = [];
    private static readonly Dictionary<(int First, int Second), int> Compositions = [];
    private static readonly Dictionary<int, int> Classes = [];

    static CanonicalComposition()
    {
        foreach (string[] fields in UnicodeTables.Read("canonical-composition.txt"))
        {
            if (fields[0] == "c")
            {
                for (int codePoint = UnicodeTables.CodePoint(fields[2]); codePoint <= UnicodeTables.CodePoint(fields[3]); codePoint++)
                {
                    Classes[codePoint] = int.Parse(fields[1], CultureInfo.InvariantCulture);
                }

                continue;
            }

            int character = UnicodeTables.CodePoint(fields[1]);
            int[] parts = [.. fields.Skip(2).Select(UnicodeTables.CodePoint)];
            Decompositions[character] = parts;
            if (fields[0] == "d" && parts.Length == 2)
            {
                Compositions[(parts[0], parts[1])] = character;
            }
        }
    }

    /// <summary>Normalises a text.</summary>
    /// <param name="text">Well-formed UTF-16.</param>
    /// <returns>The text in form C.</returns>
    public static string Normalize(string text)
    {
        // Nothing below U+0300 decomposes into something that composes differently.
        if (!text.AsSpan().ContainsAnyExceptInRange('\0', '\u02ff'))
        {
            return text;
        }

        List<int> characters = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            Decompose(rune.Value, characters);
        }

        SortMarks(characters);
        Compose(characters);
        StringBuilder result = new(text.Length);
        foreach (int character in characters)
        {
            result.Append(new Rune(character));
        }

        return result.ToString();
    }

    private static void Decompose(int character, List<int> result)
    {
        int syllable = character - SyllableBase;
        if (syllable is >= 0 and < SyllableCount)
        {
            result.Add(LeadBase + syllable / (VowelCount * TrailCount));
            result.Add(VowelBase + syllable % (VowelCount * TrailCount) / TrailCount);
            if (syllable % TrailCount != 0)
            {
                result.Add(TrailBase + syllable % TrailCount);
            }
        }
        else if (Decompositions.TryGetValue(character, out int[]? parts))
        {
            foreach (int part in parts)
            {
                Decompose(part, result);
            }
        }
        else
        {
            result.Add(character);
        }
    }

    private static void SortMarks(List<int> characters)
    {
        int start = 0;
        while (start < characters.Count)
        {
            int end = start;
            while (end < characters.Count && Class(characters[end]) != 0)
            {
                end++;
            }

            if (end - start > 1)
            {
                int[] ordered = [.. characters.GetRange(start, end - start).OrderBy(Class)];
                for (int i = 0; i < ordered.Length; i++)
                {
                    characters[start + i] = ordered[i];
                }
            }

            start = end + 1;
        }
    }

    private static void Compose(List<int> characters)
    {
        int written = 0;
        int starter = -1;
        int lastClass = 0;
        foreach (int character in characters.ToArray())
        {
            int combiningClass = Class(character);
            // A mark is blocked from its starter by a mark of the same or a higher class between them, a starter by anything between them.
            bool blocked = starter < 0 || (written - starter > 1 && lastClass >= combiningClass);
            if (!blocked && Pair(characters[starter], character) is { } composed)
            {
                characters[starter] = composed;
                continue;
            }

            if (combiningClass == 0)
            {
                starter = written;
            }

            lastClass = combiningClass;
            characters[written++] = character;
        }

        characters.RemoveRange(written, characters.Count - written);
    }

    private static int? Pair(int first, int second)
    {
        int lead = first - LeadBase;
        int vowel = second - VowelBase;
        if (lead is >= 0 and < LeadCount && vowel is >= 0 and < VowelCount)
        {
            return SyllableBase + (lead * VowelCount + vowel) * TrailCount;
        }

        int syllable = first - SyllableBase;
        int trail = second - TrailBase;
        if (syllable is >= 0 and < SyllableCount && syllable % TrailCount == 0 && trail is > 0 and < TrailCount)
        {
            return first + trail;
        }

        return Compositions.TryGetValue((first, second), out int composed) ? composed : null;
    }

    private static int Class(int character) => Classes.GetValueOrDefault(character);
}
