using System.Runtime.InteropServices;
using System.Text;

namespace MedGen.Training.Tokenization;

/// <summary>
/// Learns a unigram vocabulary (Kudo, "Subword Regularization", arXiv 1804.10959): starts from all frequent substrings of words, estimates their
/// probabilities by expectation maximisation, and drops those that the rest replaces best, a quarter at a time. Pieces never cross a space. Single
/// characters stay; characters that do not fit are left to byte fallback. Same corpus, same vocabulary.
/// </summary>
/// <param name="size">Pieces wanted, 1 or more.</param>
internal sealed class UnigramTrainer(int size)
{
    private const char Space = '\u2581';
    private const int MaxPieceLength = 16;
    private const int SeedsPerPiece = 10;
    private const int EstimationsPerRound = 2;
    private const double KeptPerRound = 0.75;
    // The last estimation may drop some more; a few are kept for that, and the least probable are cut off at the end.
    private const double LastRound = 1.1;
    private const double MinCount = 0.5;

    /// <summary>Learns from texts.</summary>
    /// <param name="texts">Cleaned texts on one line each; an empty one teaches nothing.</param>
    /// <returns>At most as many pieces as wanted, the most probable first; fewer when the texts are small.</returns>
    public IReadOnlyList<VocabularyPiece> Train(IEnumerable<string> texts)
    {
        (string Word, long Count)[] words = CountWords(texts);
        HashSet<string> characters = [.. FrequentCharacters(words)];
        Dictionary<string, double> scores = Seed(words, characters);
        while (true)
        {
            Dictionary<string, double> counts = [];
            for (int i = 0; i < EstimationsPerRound; i++)
            {
                counts = Expect(words, scores);
                scores = Maximize(counts, characters);
            }

            if (scores.Count <= size * LastRound)
            {
                return Finish(scores, characters);
            }

            Prune(scores, counts, characters, Math.Max((int)(size * LastRound), (int)(scores.Count * KeptPerRound)));
        }
    }

    private VocabularyPiece[] Finish(Dictionary<string, double> scores, HashSet<string> characters)
    {
        KeyValuePair<string, double>[] kept =
        [
            .. scores.OrderBy(pair => characters.Contains(pair.Key) ? 0 : 1).ThenByDescending(pair => pair.Value)
            .ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(size),
        ];
        double total = kept.Sum(pair => Math.Exp(pair.Value));
        return
        [
            .. kept.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => new VocabularyPiece(pair.Key, (float)(pair.Value - Math.Log(total)))),
        ];
    }

    private static (string Word, long Count)[] CountWords(IEnumerable<string> texts)
    {
        Dictionary<string, long> words = new(StringComparer.Ordinal);
        foreach (string word in texts.SelectMany(text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            CollectionsMarshal.GetValueRefOrAddDefault(words, Space + word, out _)++;
        }

        return [.. words.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value))];
    }

    private IEnumerable<string> FrequentCharacters((string Word, long Count)[] words)
    {
        Dictionary<string, long> counts = new(StringComparer.Ordinal);
        foreach ((string word, long count) in words)
        {
            foreach (Rune rune in word.EnumerateRunes())
            {
                CollectionsMarshal.GetValueRefOrAddDefault(counts, rune.ToString(), out _) += count;
            }
        }

        return counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Key).Take(size);
    }

    private Dictionary<string, double> Seed((string Word, long Count)[] words, HashSet<string> characters)
    {
        Dictionary<string, long> counts = new(StringComparer.Ordinal);
        foreach ((string word, long count) in words)
        {
            for (int start = 0; start < word.Length; start++)
            {
                for (int end = start + 1; end <= Math.Min(word.Length, start + MaxPieceLength); end++)
                {
                    // Half of a surrogate pair is no piece.
                    if (!char.IsLowSurrogate(word[start]) && (end == word.Length || !char.IsLowSurrogate(word[end])))
                    {
                        CollectionsMarshal.GetValueRefOrAddDefault(counts, word[start..end], out _) += count;
                    }
                }
            }
        }

        IEnumerable<KeyValuePair<string, long>> kept = counts
            .Where(pair => !characters.Contains(pair.Key) && pair.Value > 1 && pair.Key.EnumerateRunes().Count() > 1)
            .OrderByDescending(pair => pair.Value * pair.Key.Length).ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(size * SeedsPerPiece)
            .Concat(counts.Where(pair => characters.Contains(pair.Key)));
        Dictionary<string, double> seeds = kept.ToDictionary(pair => pair.Key, pair => (double)pair.Value, StringComparer.Ordinal);
        double total = seeds.Values.Sum();
        return seeds.ToDictionary(pair => pair.Key, pair => Math.Log(pair.Value / total), StringComparer.Ordinal);
    }

    // Expected number of uses of each piece over all segmentations of all words (forward-backward).
    private static Dictionary<string, double> Expect((string Word, long Count)[] words, Dictionary<string, double> scores)
    {
        var lookup = scores.GetAlternateLookup<ReadOnlySpan<char>>();
        Dictionary<string, double> counts = new(scores.Count, StringComparer.Ordinal);
        List<(int Start, int End, string Piece, double Score)> edges = [];
        foreach ((string word, long count) in words)
        {
            edges.Clear();
            double[] forward = new double[word.Length + 1];
            double[] backward = new double[word.Length + 1];
            forward.AsSpan(1).Fill(double.NegativeInfinity);
            backward.AsSpan(0, word.Length).Fill(double.NegativeInfinity);
            for (int start = 0; start < word.Length; start++)
            {
                for (int end = start + 1; end <= Math.Min(word.Length, start + MaxPieceLength); end++)
                {
                    if (lookup.TryGetValue(word.AsSpan(start, end - start), out string? piece, out double score))
                    {
                        edges.Add((start, end, piece, score));
                        forward[end] = LogAdd(forward[end], forward[start] + score);
                    }
                }
            }

            for (int i = edges.Count - 1; i >= 0; i--)
            {
                backward[edges[i].Start] = LogAdd(backward[edges[i].Start], backward[edges[i].End] + edges[i].Score);
            }

            // A word with a character outside of the vocabulary has no segmentation.
            if (!double.IsNegativeInfinity(forward[^1]))
            {
                foreach ((int start, int end, string piece, double score) in edges)
                {
                    CollectionsMarshal.GetValueRefOrAddDefault(counts, piece, out _) += count * Math.Exp(
                        forward[start] + score + backward[end] - forward[^1]);
                }
            }
        }

        return counts;
    }

    private static Dictionary<string, double> Maximize(Dictionary<string, double> counts, HashSet<string> characters)
    {
        KeyValuePair<string, double>[] kept = [.. counts.Where(pair => pair.Value >= MinCount || characters.Contains(pair.Key))];
        double total = kept.Sum(pair => Math.Max(pair.Value, MinCount));
        return kept.ToDictionary(pair => pair.Key, pair => Math.Log(Math.Max(pair.Value, MinCount) / total), StringComparer.Ordinal);
    }

    // What a piece is worth: how much less probable the corpus becomes when the best other pieces stand in for it.
    private static void Prune(Dictionary<string, double> scores, Dictionary<string, double> counts, HashSet<string> characters, int size)
    {
        string[] worthless =
        [
            .. scores.Keys.Where(piece => !characters.Contains(piece))
                .Select(piece => (Piece: piece, Worth: counts.GetValueOrDefault(piece) * (scores[piece] - BestWithout(piece, scores))))
                .OrderBy(pair => pair.Worth).ThenBy(pair => pair.Piece, StringComparer.Ordinal).Select(pair => pair.Piece).Take(scores.Count - size),
        ];
        foreach (string piece in worthless)
        {
            scores.Remove(piece);
        }
    }

    private static double BestWithout(string piece, Dictionary<string, double> scores)
    {
        var lookup = scores.GetAlternateLookup<ReadOnlySpan<char>>();
        double[] best = new double[piece.Length + 1];
        best.AsSpan(1).Fill(double.NegativeInfinity);
        for (int start = 0; start < piece.Length; start++)
        {
            for (int end = start + 1; end <= piece.Length; end++)
            {
                if (end - start < piece.Length && lookup.TryGetValue(piece.AsSpan(start, end - start), out double score))
                {
                    best[end] = Math.Max(best[end], best[start] + score);
                }
            }
        }

        return best[^1];
    }

    private static double LogAdd(double a, double b)
    {
        (double low, double high) = a < b ? (a, b) : (b, a);
        return double.IsNegativeInfinity(low) ? high : high + Math.Log(1 + Math.Exp(low - high));
    }
}
