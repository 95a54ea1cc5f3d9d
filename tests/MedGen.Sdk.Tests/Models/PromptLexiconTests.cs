using MedGen.Sdk.Models;

namespace MedGen.Sdk.Tests.Models;

public sealed class PromptLexiconTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-lexicon-").FullName;
    private readonly PromptLexicon _lexicon = PromptLexicon.Of(["An MRI of the brain, T2-weighted.", "Lung ultrasound with B-lines; H&E stain.", "a nodule, masses"]);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("brain MRI T2-weighted glioma, Thyroid", "glioma,thyroid")]
    [InlineData("Please show me a realistic video of the lungs with 3 B-lines", "")]
    [InlineData("nodules and a mass", "")] // a plural with its singular, and the other way round
    [InlineData("brain-weighted", "")] // parts
    [InlineData("H&E 20 % 3.5", "")]
    [InlineData("55M, glioma, glioma", "55m,glioma")]
    [InlineData("Schädel", "schädel")]
    [InlineData("", "")]
    public void UnknownWords_OfAPrompt_AreThoseThatNoTextHad(string prompt, string expected) =>
        string.Join(',', _lexicon.UnknownWords(prompt)).ShouldBe(expected);

    [Theory]
    [InlineData("a lung", true)]
    [InlineData("brain of a cat", true)]
    [InlineData("please show me a video of an x", false)] // words that name nothing
    [InlineData("echocardiography", false)]
    [InlineData("", false)]
    public void SharesAWordWith_APrompt_NeedsAWordThatNamesSomething(string prompt, bool expected) => _lexicon.SharesAWordWith(prompt).ShouldBe(expected);

    [Theory]
    [InlineData(10_000, true)] // one of 10,000
    [InlineData(10_001, false)]
    public void Of_AWordOfFewTexts_IsKnownFromOneInTenThousand(int texts, bool expected) =>
        PromptLexicon.Of(Enumerable.Repeat("a chest radiograph", texts - 1).Append("a chest raidograph")).Words.Contains("raidograph").ShouldBe(expected);

    [Fact]
    public void Read_WhatWasWritten_GivesTheSameWords()
    {
        PromptLexicon.Read(_folder).ShouldBeNull();
        File.WriteAllLines(Path.Combine(_folder, PromptLexicon.FileName), _lexicon.Words);

        PromptLexicon.Read(_folder)!.Words.ShouldBe(_lexicon.Words);
    }
}
