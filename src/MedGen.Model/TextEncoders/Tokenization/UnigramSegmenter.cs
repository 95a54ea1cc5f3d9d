using System.Text;

namespace MedGen.Model.TextEncoders.Tokenization;

/// <summary>One piece found in a normalised text.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">The text that it covers.</param>
internal readonly record struct Segment(int Id, string Text);

/// <summary>
/// Finds the most probable segmentation of a normalised text under a unigram model (Viterbi), with the scoring of SentencePiece's
/// unigram_model.cc, float32 rounding included: an unknown character costs 10 more than the least probable piece.
/// </summary>
internal sealed class UnigramSegmenter
{
    private const float UnknownPenalty = 10;
    private const double UserDefinedPenalty = 0.1;

    private readonly IReadOnlyList<Piece> _pieces;
    private readonly Dictionary<string, int> _ids;
    private readonly int _unknownId;
    private readonly int _longest;
    private readonly float _unknownScore;
    private readonly float _bestScore;

    /// <summary>Indexes the pieces of a model.</summary>
    /// <param name="model">The model.</param>
    public UnigramSegmenter(SentencePieceModel model)
    {
        _pieces = model.Pieces;
        _unknownId = model.UnkId;
        _ids = new Dictionary<string, int>(_pieces.Count, StringComparer.Ordinal);
        float worst = float.MaxValue;
        // SentencePiece starts from the smallest positive float, so that log probabilities never raise it.
        float best = 1.17549435e-38f;
        for (int id = 0; id < _pieces.Count; id++)
        {
            Piece piece = _pieces[id];
            if (piece.Type == PieceType.Normal)
            {
                worst = Math.Min(worst, piece.Score);
                best = Math.Max(best, piece.Score);
            }

            if (piece.Type is PieceType.Normal or PieceType.UserDefined && piece.Text.Length > 0)
            {
                _ids.TryAdd(piece.Text, id);
                _longest = Math.Max(_longest, piece.Text.Length);
            }
        }

        _unknownScore = worst - UnknownPenalty;
        _bestScore = best;
    }

    /// <summary>Segments a normalised text.</summary>
    /// <param name="text">Normalised text, well-formed UTF-16.</param>
    /// <returns>The pieces in order; each unknown character is a segment of its own.</returns>
    public List<Segment> Segment(string text)
    {
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
        Step[] best = new Step[text.Length + 1];
        Array.Fill(best, new Step(-1, 0, -1));
        int start = 0;
        while (start < text.Length)
        {
            float soFar = best[start].Score;
            int characterLength = char.IsHighSurrogate(text[start]) && start + 1 < text.Length ? 2 : 1;
            bool hasSingleCharacter = false;
            int longest = Math.Min(_longest, text.Length - start);
            for (int length = 1; length <= longest; length++)
            {
                if (!lookup.TryGetValue(text.AsSpan(start, length), out int id))
                {
                    continue;
                }

                Offer(ref best[start + length], new Step(id, 0, start), Score(id) + soFar);
                hasSingleCharacter |= length == characterLength;
            }

            if (!hasSingleCharacter)
            {
                Offer(ref best[start + characterLength], new Step(_unknownId, 0, start), _unknownScore + soFar);
            }

            start += characterLength;
        }

        List<Segment> segments = [];
        for (int end = text.Length; end > 0; end = best[end].Start)
        {
            segments.Add(new Segment(best[end].Id, text[best[end].Start..end]));
        }

        segments.Reverse();
        return segments;
    }

    private static void Offer(ref Step current, Step candidate, double score)
    {
        if (current.Start < 0 || score > current.Score)
        {
            current = candidate with { Score = (float)score };
        }
    }

    private double Score(int id)
    {
        Piece piece = _pieces[id];
        return piece.Type == PieceType.UserDefined
            ? Encoding.UTF8.GetByteCount(piece.Text) * _bestScore - UserDefinedPenalty
            : piece.Score;
    }

    /// <summary>Best way to reach a position.</summary>
    private readonly record struct Step(int Id, float Score, int Start);
}
