using System.Text;
using System.Text.Json;
using CsCheck;
using MedGen.Sdk.Errors;
using MedGen.Model.Tests.Goldens;
using MedGen.Model.TextEncoders.Tokenization;

namespace MedGen.Model.Tests.TextEncoders;

public sealed class SentencePieceTokenizerTests
{
    private static readonly JsonElement Cases = JsonDocument.Parse(File.ReadAllText(GoldenFolder.Path("tokenizer", "cases.json"))).RootElement;

    private static readonly string[] Parts =
        ["a surgeon", "\u2581", "  ", "\ud83d", "\udca9", "</s>", "\u0301", "\n", "<0x41>", "\u00bd"];

    // Any UTF-16, lone surrogates included.
    private static readonly Gen<string> AnyText = Gen.OneOf(
        Gen.Char['\0', '\uffff'].Array[0, 40].Select(characters => new string(characters)),
        Gen.String,
        Gen.Int[0, Parts.Length - 1].Select(i => Parts[i]).Array[0, 8].Select(string.Concat));

    public static TheoryData<string> Files => ["spiece.model", "tokenizer.json"];

    [Theory]
    [MemberData(nameof(Files))]
    public void Encode_EveryGoldenText_GivesTheSameIds(string file)
    {
        SentencePieceTokenizer tokenizer = Load(file);
        foreach (JsonElement golden in Cases.GetProperty("cases").EnumerateArray())
        {
            foreach (string kind in (string[])["", "cleaned_", "cleaned_without_ftfy_"])
            {
                string text = golden.GetProperty(kind.Length == 0 ? "text" : kind.TrimEnd('_')).GetString()!;
                tokenizer.Encode(text).ShouldBe(Ids(golden, kind + "ids"), text);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void EncodePieces_EveryGoldenText_GivesTheSamePieces(string file)
    {
        SentencePieceTokenizer tokenizer = Load(file);
        foreach (JsonElement golden in Cases.GetProperty("cases").EnumerateArray())
        {
            string[] expected = [.. golden.GetProperty("pieces").EnumerateArray().Select(piece => piece.GetString()!)];
            tokenizer.EncodePieces(golden.GetProperty("text").GetString()!).Select(piece => piece.Text).ShouldBe(expected);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Encode_LimitedLength_KeepsTheEndOfSentence(string file)
    {
        SentencePieceTokenizer tokenizer = Load(file);
        foreach (JsonElement golden in Cases.GetProperty("padding").EnumerateArray())
        {
            int real = golden.GetProperty("mask").EnumerateArray().Sum(bit => bit.GetInt32());
            int[] expected = Ids(golden, "ids");
            tokenizer.Encode(golden.GetProperty("text").GetString()!, golden.GetProperty("max_length").GetInt32()).ShouldBe(expected[..real]);
            expected[real..].ShouldAllBe(id => id == tokenizer.PadId);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Decode_EveryGoldenSequence_GivesTheSameText(string file)
    {
        SentencePieceTokenizer tokenizer = Load(file);
        foreach (JsonElement golden in Cases.GetProperty("decode").EnumerateArray())
        {
            tokenizer.Decode(Ids(golden, "ids")).ShouldBe(golden.GetProperty("text").GetString());
        }
    }

    [Fact]
    public void Load_GoldenModel_ReadsTheSpecialIds()
    {
        SentencePieceTokenizer tokenizer = Load("spiece.model");
        (tokenizer.PadId, tokenizer.EosId, tokenizer.UnkId, tokenizer.VocabularySize).ShouldBe((0, 1, 2, 512));
    }

    [Fact]
    public void Encode_AnyUtf16_GivesIdsOfTheVocabularyAndTheSameFromBothFiles()
    {
        SentencePieceTokenizer model = Load("spiece.model");
        SentencePieceTokenizer json = Load("tokenizer.json");
        AnyText.Sample(text =>
        {
            int[] ids = model.Encode(text);
            ids[^1].ShouldBe(model.EosId);
            ids.ShouldAllBe(id => id >= 0 && id < model.VocabularySize);
            json.Encode(text).ShouldBe(ids);
        }, iter: 2000);
    }

    [Fact]
    public void Decode_OfEncoded_GivesTheNormalizedText()
    {
        SentencePieceTokenizer tokenizer = Load("spiece.model");
        AnyText.Sample(text =>
        {
            string once = tokenizer.Decode(tokenizer.Encode(text));
            tokenizer.Decode(tokenizer.Encode(once)).ShouldBe(once);
        }, iter: 2000);
    }

    [Fact]
    public void Decode_RandomIds_NeverThrows()
    {
        SentencePieceTokenizer tokenizer = Load("spiece.model");
        Gen.Int[0, 511].Array[0, 30].Sample(ids => tokenizer.Decode(ids).ShouldNotBeNull(), iter: 2000);
    }

    [Fact]
    public void Decode_UnknownId_SaysWhatIsAllowed()
    {
        Should.Throw<InvalidInputException>(() => Load("spiece.model").Decode([512])).Message.ShouldContain("0 to 511");
    }

    [Fact]
    public void Load_BrokenFiles_AreNamedAndNeverCrash()
    {
        byte[] good = File.ReadAllBytes(GoldenFolder.Path("tokenizer", "spiece.model"));
        byte[][] broken = [[], [0xFF, 0xFF], Encoding.UTF8.GetBytes("not a model"), good[..1000], good[..(good.Length - 3)]];
        foreach (byte[] bytes in broken)
        {
            string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".model");
            File.WriteAllBytes(path, bytes);
            try
            {
                Should.Throw<ModelFormatException>(() => SentencePieceTokenizer.Load(path)).Message.ShouldContain(Path.GetFileName(path));
            }
            finally
            {
                File.Delete(path);
            }
        }
    }

    private static SentencePieceTokenizer Load(string file) => SentencePieceTokenizer.Load(GoldenFolder.Path("tokenizer", file));

    private static int[] Ids(JsonElement golden, string name) => [.. golden.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];
}
