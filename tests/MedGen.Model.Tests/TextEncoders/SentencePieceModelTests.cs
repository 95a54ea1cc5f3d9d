using System.Text;
using MedGen.Sdk.Errors;
using MedGen.Model.TextEncoders.Tokenization;

namespace MedGen.Model.Tests.TextEncoders;

/// <summary>Models that the fixture does not cover, written byte by byte: no byte fallback, other special ids, user-defined pieces.</summary>
public sealed class SentencePieceModelTests : IDisposable
{
    private const int Normal = 1;
    private const int Unknown = 2;
    private const int Control = 3;
    private const int UserDefined = 4;
    private const int Unused = 5;

    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".model");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Load_OtherOrder_FindsTheSpecialIdsInTheFile()
    {
        SentencePieceTokenizer tokenizer = Write([("<unk>", 0, Unknown), ("a", -1, Normal), ("</s>", 0, Control), ("<pad>", 0, Control)]);
        (tokenizer.UnkId, tokenizer.EosId, tokenizer.PadId).ShouldBe((0, 2, 3));
    }

    [Fact]
    public void Encode_WithoutByteFallback_JoinsUnknownCharacters()
    {
        SentencePieceTokenizer tokenizer = Write(
            [("<pad>", 0, Control), ("</s>", 0, Control), ("<unk>", 0, Unknown), ("\u2581", -2, Normal), ("a", -1, Normal), ("\u2581a", -1, Normal)]);
        tokenizer.Encode("a xyz a🏥").ShouldBe([5, 3, 2, 5, 2, 1]);
        tokenizer.EncodePieces("a xyz").Select(piece => piece.Text).ShouldBe(["\u2581a", "\u2581", "xyz"]);
        tokenizer.Decode([5, 2, 1]).ShouldBe("a \u2047 ");
    }

    [Fact]
    public void Encode_BestPath_IsNotTheGreedyOne()
    {
        SentencePieceTokenizer tokenizer = Write(
            [("<pad>", 0, Control), ("</s>", 0, Control), ("<unk>", 0, Unknown),
             ("\u2581ab", -1, Normal), ("c", -9, Normal), ("\u2581a", -2, Normal), ("bc", -2, Normal)]);
        tokenizer.Encode("abc").ShouldBe([5, 6, 1]);
    }

    [Fact]
    public void Encode_UnknownCharacter_CostsTenMoreThanTheWorstPiece()
    {
        SentencePieceTokenizer tokenizer = Write(
            [("<pad>", 0, Control), ("</s>", 0, Control), ("<unk>", 0, Unknown),
             ("\u2581", -1, Normal), ("ab", -5, Normal), ("cd", -5, Normal), ("bcd", -1, Normal)]);
        tokenizer.Encode("abcd").ShouldBe([3, 4, 5, 1]);
    }

    [Fact]
    public void Encode_UserDefinedAndUnusedPieces_AreAlwaysAndNeverTaken()
    {
        SentencePieceTokenizer tokenizer = Write(
            [("<pad>", 0, Control), ("</s>", 0, Control), ("<unk>", 0, Unknown),
             ("\u2581", -1, Normal), ("<x>", 0, UserDefined), ("ab", -1, Unused), ("a", -3, Normal), ("b", -3, Normal)]);
        tokenizer.Encode("ab<x>").ShouldBe([3, 6, 7, 4, 1]);
    }

    [Fact]
    public void Encode_NoDummyPrefixAndSpacesKept_ObeysTheFile()
    {
        SentencePieceTokenizer tokenizer = Write(
            [("<pad>", 0, Control), ("</s>", 0, Control), ("<unk>", 0, Unknown), ("\u2581", -1, Normal), ("a", -1, Normal)],
            normalizer: [0x18, 0, 0x20, 0]);
        tokenizer.Encode(" a  a ").ShouldBe([3, 4, 3, 3, 4, 3, 1]);
        tokenizer.Decode([3, 4, 3, 3, 4, 3, 1]).ShouldBe(" a  a ");
    }

    [Fact]
    public void Load_WithoutPaddingPiece_PadsWithZero() => Write([("<unk>", 0, Unknown), ("</s>", 0, Control), ("a", -1, Normal)]).PadId.ShouldBe(0);

    [Fact]
    public void Load_OtherKindOfModel_IsRefusedByName()
    {
        Should.Throw<ModelFormatException>(() => Write([("<unk>", 0, Unknown)], trainer: [0x18, 2])).Message.ShouldContain("model type 2");
        Should.Throw<ModelFormatException>(() => Write([("<unk>", 0, Unknown)])).Message.ShouldContain("</s>");
        Should.Throw<ModelFormatException>(() => Write([("a", 0, Normal)])).Message.ShouldContain("unknown");
        (string, float, int)[] special = [("<unk>", 0, Unknown), ("<pad>", 0, Control), ("</s>", 0, Control)];
        Should.Throw<ModelFormatException>(() => Write(special, trainer: [0xC0, 0x01, 1])).Message.ShouldContain("treat_whitespace_as_suffix");
        Should.Throw<ModelFormatException>(() => Write(special, trainer: [0x98, 0x02, 1])).Message.ShouldContain("<0x00>");
        Should.Throw<ModelFormatException>(() => Write(special, normalizer: [0x12, 3, 9, 9, 9])).Message.ShouldContain("character map");
    }

    private SentencePieceTokenizer Write((string Text, float Score, int Type)[] pieces, byte[]? trainer = null, byte[]? normalizer = null)
    {
        List<byte> file = [];
        foreach ((string text, float score, int type) in pieces)
        {
            byte[] name = Encoding.UTF8.GetBytes(text);
            Message(file, 0x0A, [0x0A, (byte)name.Length, .. name, 0x15, .. BitConverter.GetBytes(score), 0x18, (byte)type]);
        }

        Message(file, 0x12, trainer ?? []);
        Message(file, 0x1A, normalizer ?? []);
        File.WriteAllBytes(_path, [.. file]);
        return SentencePieceTokenizer.Load(_path);
    }

    private static void Message(List<byte> file, byte tag, byte[] body)
    {
        file.Add(tag);
        file.Add((byte)body.Length);
        file.AddRange(body);
    }
}
