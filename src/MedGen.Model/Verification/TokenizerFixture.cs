using System.Text.Json;
using MedGen.Model.TextEncoders.Cleaning;
using MedGen.Model.TextEncoders.Tokenization;

namespace MedGen.Model.Verification;

/// <summary><c>cases.json</c>: texts with ids, cleaned texts with ids, fixed-length encodings and decodings; exact, for each tokenizer file there is.</summary>
internal sealed class TokenizerFixture : IPartFixture
{
    private static readonly string[] Files = ["spiece.model", "tokenizer.json"];

    public string Part => "tokenizer";

    public bool Recognises(FixtureFolder folder) => folder.HasJson && folder.Json.TryGetProperty("cases", out _);

    public void Run(FixtureFolder folder, VerificationReport report)
    {
        string[] files = [.. Files.Where(file => File.Exists(folder.PathOf(file)))];
        if (files.Length == 0)
        {
            report.Fail(folder.Name, $"There is no tokenizer: expected {string.Join(" or ", Files)}.");
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
        Each(folder, "cases", report, (entry, name) =>
        {
            report.CompareExactly($"{name}.ids [{file}]", tokenizer.Encode(Text(entry)), Ids(entry, "ids"));
            if (entry.TryGetProperty("cleaned_ids", out _))
            {
                report.CompareExactly($"{name}.cleaned_ids [{file}]", tokenizer.Encode(PromptCleaner.Clean(Text(entry))), Ids(entry, "cleaned_ids"));
            }
        });
        Each(folder, "padding", report, (entry, name) =>
        {
            int length = entry.GetProperty("max_length").GetInt32();
            int[] ids = tokenizer.Encode(PromptCleaner.Clean(Text(entry)), length);
            int[] padding = [.. Enumerable.Repeat(tokenizer.PadId, length - ids.Length)];
            report.CompareExactly($"{name}.ids [{file}]", [.. ids, .. padding], Ids(entry, "ids"));
            report.CompareExactly($"{name}.mask [{file}]", [.. ids.Select(_ => 1), .. padding.Select(_ => 0)], Ids(entry, "mask"));
        });
        Each(folder, "decode", report, (entry, name) =>
            report.CompareExactly($"{name}.text [{file}]", tokenizer.Decode(Ids(entry, "ids")).ToCharArray(), Text(entry).ToCharArray()));
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

    private static string Text(JsonElement entry) => entry.GetProperty("text").GetString()!;

    private static int[] Ids(JsonElement entry, string name) => [.. entry.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];
}
