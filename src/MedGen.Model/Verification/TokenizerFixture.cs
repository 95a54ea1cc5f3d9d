using System.Text.Json;
using MedGen.Model.TextEncoders.Cleaning;
using MedGen.Model.TextEncoders.Tokenization;

namespace MedGen.Model.Verification;

/// <summary>
/// <c>cases.json</c>: special ids, texts with ids and pieces, cleaned texts with ids, fixed-length encodings and decodings; exact, for each tokenizer
/// file there is.
/// </summary>
internal sealed class TokenizerFixture : IPartFixture
{
    public string Part => "tokenizer";

    public bool Recognises(FixtureFolder folder) => folder.HasJson && folder.Json.TryGetProperty("cases", out _);

    public void Run(FixtureFolder folder, VerificationReport report)
    {
        string[] files =
        [
            .. Directory.EnumerateFiles(folder.FullPath, "*.model").Concat(Directory.EnumerateFiles(folder.FullPath, "tokenizer.json"))
                .Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal),
        ];
        if (files.Length == 0)
        {
            report.Fail(folder.Name, "There is no tokenizer: expected spiece.model or tokenizer.json.");
        }

        foreach (string file in files)
        {
            report.Try(file, () => RunFile(folder, file, report));
        }

        Each(folder, "cases", report, (entry, name) =>
        {
            if (entry.TryGetProperty("cleaned", out JsonElement cleaned))
            {
                report.CompareExactly($"{name}.cleaned", PromptCleaner.Clean(Text(entry)).ToCharArray(), cleaned.GetString()!.ToCharArray());
            }
        });
    }

    private static void RunFile(FixtureFolder folder, string file, VerificationReport report)
    {
        SentencePieceTokenizer tokenizer = SentencePieceTokenizer.Load(folder.PathOf(file));
        CompareNumber("vocab_size", tokenizer.VocabularySize);
        CompareNumber("pad_id", tokenizer.PadId);
        CompareNumber("eos_id", tokenizer.EosId);
        CompareNumber("unk_id", tokenizer.UnkId);
        Each(folder, "cases", report, (entry, name) =>
        {
            report.CompareExactly($"{name}.ids [{file}]", tokenizer.Encode(Text(entry)), Ids(entry, "ids"));
            if (entry.TryGetProperty("pieces", out JsonElement pieces))
            {
                string[] expected = [.. pieces.EnumerateArray().Select(piece => piece.GetString()!)];
                report.CompareExactly($"{name}.pieces [{file}]", [.. tokenizer.EncodePieces(Text(entry)).Select(piece => piece.Text)], expected);
            }

            if (entry.TryGetProperty("cleaned_ids", out _))
            {
                report.CompareExactly($"{name}.cleaned_ids [{file}]", tokenizer.Encode(PromptCleaner.Clean(Text(entry))), Ids(entry, "cleaned_ids"));
            }
        });
        Each(folder, "padding", report, (entry, name) =>
        {
            int length = FixtureFolder.Property(entry, "max_length").GetInt32();
            int[] ids = tokenizer.Encode(PromptCleaner.Clean(Text(entry)), length);
            int[] padding = [.. Enumerable.Repeat(tokenizer.PadId, length - ids.Length)];
            report.CompareExactly($"{name}.ids [{file}]", [.. ids, .. padding], Ids(entry, "ids"));
            report.CompareExactly($"{name}.mask [{file}]", [.. ids.Select(_ => 1), .. padding.Select(_ => 0)], Ids(entry, "mask"));
        });
        Each(folder, "decode", report, (entry, name) =>
            report.CompareExactly($"{name}.text [{file}]", tokenizer.Decode(Ids(entry, "ids")).ToCharArray(), Text(entry).ToCharArray()));

        // -1 is a piece that the model does not have.
        void CompareNumber(string name, int actual)
        {
            if (folder.Json.TryGetProperty(name, out JsonElement expected) && expected.GetInt32() >= 0)
            {
                report.CompareExactly($"{name} [{file}]", [actual], [expected.GetInt32()]);
            }
        }
    }

    private static void Each(FixtureFolder folder, string list, VerificationReport report, Action<JsonElement, string> run)
    {
        if (!folder.Json.TryGetProperty(list, out JsonElement entries))
        {
            return;
        }

        int index = 0;
        foreach (JsonElement entry in entries.EnumerateArray())
        {
            string name = $"{list}[{index++}]";
            report.Try(name, () => run(entry, name));
        }
    }

    private static string Text(JsonElement entry) => FixtureFolder.Property(entry, "text").GetString()!;

    private static int[] Ids(JsonElement entry, string name) => [.. FixtureFolder.Property(entry, name).EnumerateArray().Select(id => id.GetInt32())];
}
