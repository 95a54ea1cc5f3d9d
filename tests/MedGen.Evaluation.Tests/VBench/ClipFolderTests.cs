using MedGen.Evaluation.VBench.Clips;
using MedGen.Sdk.Errors;

namespace MedGen.Evaluation.Tests.VBench;

public sealed class ClipFolderTests : IDisposable
{
    private static readonly string[] Prompts = ["A heart.", "A lung, B-3", "A knee"];
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-clips-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Read_OfNamesAsVBenchHasThem_FindsThePrompts()
    {
        Put("A knee-0.mp4", "A knee-11.mp4", "A heart..mp4", "A lung, B-3-0.mp4", "notes.txt");

        ClipFolder.Read(_folder, Prompts, Prompts).Select(clip => (clip.Name, clip.Prompt)).ShouldBe(
            [("A heart..mp4", "A heart."), ("A lung, B-3-0.mp4", "A lung, B-3"), ("A knee-0.mp4", "A knee"), ("A knee-11.mp4", "A knee")]);
    }

    [Fact]
    public void Read_OfAList_TakesPromptAndSeedFromIt()
    {
        Put("b.mp4", "sub/a.mp4");
        File.WriteAllText(
            Path.Combine(_folder, "metadata.jsonl"),
            """
            {"file_name":"sub/a.mp4","prompt":"A knee","caption":"not this","seed":7}
            {"file_name":"b.mp4","caption":"A heart."}
            """);

        ClipFolder.Read(_folder, Prompts, Prompts).Select(clip => (clip.Name, clip.Prompt, clip.Seed)).ShouldBe(
            [("b.mp4", "A heart.", null), ("sub/a.mp4", "A knee", 7L)]);
    }

    [Fact]
    public void Read_WithALimit_LeavesClipsOfOtherPromptsOut()
    {
        Put("A knee.mp4", "A heart..mp4");

        ClipFolder.Read(_folder, [Prompts[0]], Prompts).ShouldHaveSingleItem().Prompt.ShouldBe("A heart.");
    }

    [Fact]
    public void Read_OfClipsThatBelongToNoPrompt_NamesEach()
    {
        Put("A heart..mp4", "0001.mp4", "c.mp4");
        File.WriteAllText(Path.Combine(_folder, "metadata.jsonl"), """{"file_name":"c.mp4","prompt":"A spleen"}""");

        InvalidInputException refused = Should.Throw<InvalidInputException>(() => ClipFolder.Read(_folder, Prompts, Prompts));

        refused.Violations.Select(one => one.Field).ShouldBe(["videos: 0001.mp4", "videos: c.mp4"]);
    }

    [Fact]
    public void Read_OfAListThatNamesAClipThatIsNotThere_NamesIt()
    {
        File.WriteAllText(Path.Combine(_folder, "metadata.jsonl"), """{"file_name":"d.mp4","prompt":"A knee"}""");

        Should.Throw<InvalidInputException>(() => ClipFolder.Read(_folder, Prompts, Prompts)).Violations.ShouldHaveSingleItem().Field.ShouldBe("videos: d.mp4");
    }

    [Fact]
    public void Read_OfAFolderWithoutAClipOfThePrompts_IsRefused()
    {
        Put("A knee.mp4");

        Should.Throw<InvalidInputException>(() => ClipFolder.Read(_folder, [Prompts[0]], Prompts)).Message.ShouldContain("no clip of the 1 prompts");
    }

    [Theory]
    [InlineData("A heart.\n\nA knee\nA heart.\n", "[line 4]")]
    [InlineData("\n \n", "no prompt")]
    public void Prompts_TwiceOrNone_AreRefused(string text, string message)
    {
        string path = Path.Combine(_folder, "prompts.txt");
        File.WriteAllText(path, text);

        Should.Throw<InvalidInputException>(() => BenchmarkPrompts.Read(path, limit: null)).Message.ShouldContain(message);
    }

    private void Put(params string[] names)
    {
        foreach (string name in names)
        {
            string path = Path.Combine(_folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "");
        }
    }
}
