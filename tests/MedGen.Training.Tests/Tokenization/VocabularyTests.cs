using MedGen.Model.TextEncoders.Tokenization;
using MedGen.Training.Tokenization;

namespace MedGen.Training.Tests.Tokenization;

public sealed class VocabularyTests : IDisposable
{
    private static readonly string[] Corpus =
    [
        .. Enumerable.Range(0, 200).Select(i => $"An ultrasound clip of the left ventricle with an ejection fraction of {20 + (i % 50)} percent; the picture is noisy."),
        .. Enumerable.Range(0, 100).Select(i => $"A bronchoscopy of the trachea with {i % 7} rings, bright reflections and a slow advance."),
    ];

    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("medgen-vocabulary-").FullName, "spiece.model");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);

    [Fact]
    public void Train_AndWrite_GivesAModelThatTheTokenizerReadsAndThatDecodesWhatItEncoded()
    {
        SentencePieceTokenizer tokenizer = Train(120);

        tokenizer.VocabularySize.ShouldBe(SentencePieceModelWriter.SpecialPieces + 120);
        (tokenizer.PadId, tokenizer.EosId, tokenizer.UnkId).ShouldBe((0, 1, 2));
        foreach (string text in new[] { Corpus[0], Corpus[250], "", "ventricle", "Ünknown 漢字 and 🫀, left to bytes" })
        {
            int[] ids = tokenizer.Encode(text);
            ids[^1].ShouldBe(tokenizer.EosId);
            tokenizer.Decode(ids).ShouldBe(text);
        }
    }

    [Fact]
    public void Train_LargerVocabulary_NeedsFewerTokens()
    {
        int[] small = Train(60).Encode(Corpus[0]);
        int[] large = Train(150).Encode(Corpus[0]);

        large.Length.ShouldBeLessThan(small.Length);
        large.Length.ShouldBeLessThan(30);
        small.Length.ShouldBeLessThan(Corpus[0].Length);
    }

    [Fact]
    public void Train_FrequentWords_BecomePiecesWithTheMostProbableFirst()
    {
        IReadOnlyList<VocabularyPiece> pieces = new UnigramTrainer(200).Train(Corpus);

        pieces.Select(piece => piece.Text).ShouldContain("\u2581ultrasound");
        pieces.Select(piece => piece.Score).ShouldBeInOrder(SortDirection.Descending);
        pieces.Sum(piece => Math.Exp(piece.Score)).ShouldBe(1, 1e-3);
        new UnigramTrainer(200).Train(Corpus).ShouldBe(pieces);
    }

    private SentencePieceTokenizer Train(int size)
    {
        File.WriteAllBytes(_path, SentencePieceModelWriter.Write(new UnigramTrainer(size).Train(Corpus)));
        return SentencePieceTokenizer.Load(_path);
    }
}
