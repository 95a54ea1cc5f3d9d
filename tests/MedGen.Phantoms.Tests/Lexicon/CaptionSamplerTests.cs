using System.Text.Json;
using MedGen.Phantoms.Lexicon;
using MedGen.Sdk.Errors;

namespace MedGen.Phantoms.Tests.Lexicon;

public sealed class CaptionSamplerTests
{
    private const int FewestTemplates = 30;
    private const int MostTemplates = 150;
    private const int Samples = 400;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { ReadCommentHandling = JsonCommentHandling.Skip };
    private static readonly ClinicalLexicon Lexicon = ClinicalLexicon.Default;
    private readonly CaptionSampler _sampler = new(Lexicon);

    public static TheoryData<string> Kinds => [.. PhantomCatalog.All.Select(phantom => phantom.Kind)];

    [Fact]
    public void Kinds_OfTheLexicon_AreThoseOfTheSimulators() =>
        Lexicon.Kinds.ShouldBe(PhantomCatalog.All.Select(phantom => phantom.Kind).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Templates_OfAKind_AreManyAndCanBeFilled(string kind)
    {
        foreach (PhantomTruth truth in Truths(kind))
        {
            Dictionary<string, string> values = new(truth.Values) { ["label"] = truth.Label };
            var names = Lexicon.Names(kind, "en", values);
            names.Keys.ShouldBeSubsetOf(["modality", "organ", "view", "device", "action", "finding", "detail", "indication", "scene"]);
            names.ShouldContainKey("modality");
            Lexicon.Templates(kind, "en", names.Keys.ToHashSet()).Count.ShouldBeInRange(FewestTemplates, MostTemplates);
            foreach (string language in ClinicalLexicon.Languages)
            {
                Lexicon.Templates(kind, language, Lexicon.Names(kind, language, values).Keys.ToHashSet()).ShouldNotBeEmpty();
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Sample_ManyTimes_FillsEveryPlaceAndVaries(string kind)
    {
        PhantomTruth truth = Truths(kind)[0];
        Random random = new(3);
        List<string> captions = [.. Enumerable.Range(0, Samples).Select(_ => _sampler.Sample(kind, truth, random))];

        captions.ShouldAllBe(caption => caption.Length > 0 && !caption.Contains('{') && !caption.Contains('}'));
        captions.Distinct().Count().ShouldBeGreaterThan(Samples / 2);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Sample_WithSomeTemplates_UsesNoOthers(string kind)
    {
        // The framings stay, so what counts is the sign that only this template has.
        CaptionSampler sampler = new(Lexicon, template => template == "{modality} / {organ} / {view} / {finding}" || template == "{modality} {organ}");
        PhantomTruth truth = Truths(kind)[0];
        Random random = new(2);
        List<string> captions = [.. Enumerable.Range(0, 60).Select(_ => sampler.Sample(kind, truth, random))];

        captions.ShouldNotContain(caption => caption.Contains('|') || caption.Contains(';') || caption.Contains('?') || caption.Contains("Befund"));
        captions.Count(caption => caption.Split(" / ").Length == 4).ShouldBeLessThan(60);
        Should.Throw<InvalidInputException>(() => new CaptionSampler(Lexicon, _ => false).Sample(kind, truth, new Random(4)));
    }

    [Fact]
    public void Sample_NamesLeftOutAndTheirCounterpart_ShareNone()
    {
        static bool IsLeftOut(string name) => name is "body CT" or "retroperitoneum";
        CaptionSampler without = new(Lexicon, template => template == "{modality} of the {organ}", name => !IsLeftOut(name));
        CaptionSampler only = new(Lexicon, template => template == "{modality} of the {organ}", IsLeftOut);
        PhantomTruth truth = Simulate("ct", ("region", "abdomen"));

        // A typing error is in one word at most.
        Captions(without).ShouldNotContain(caption => caption.Contains("retroperitoneum") || caption.Contains("body ct"));
        Captions(only).ShouldAllBe(caption => caption.Contains("retroperitoneum") || caption.Contains("body ct"));

        string[] Captions(CaptionSampler sampler)
        {
            Random random = new(6);
            return [.. Enumerable.Range(0, Samples).Select(_ => sampler.Sample("ct", truth, random).ToLowerInvariant())];
        }
    }

    [Fact]
    public void Framings_OfEveryLanguage_NameTheCaptionAndListsThatExist()
    {
        foreach (string framing in ClinicalLexicon.Languages.SelectMany(Lexicon.Framings))
        {
            string[] named = [.. ClinicalLexicon.Placeholder().Matches(framing).Select(match => match.Groups[1].Value)];

            named.ShouldContain("caption", framing);
            named.Where(name => name != "caption").ShouldAllBe(name => Lexicon.Phrases(name).Count > 0);
        }
    }

    [Fact]
    public void Sample_SameSeed_GivesTheSameCaption()
    {
        PhantomTruth truth = Truths("ct")[0];

        _sampler.Sample("ct", truth, new Random(7)).ShouldBe(_sampler.Sample("ct", truth, new Random(7)));
    }

    [Fact]
    public void Sample_ReducedFunction_SaysNeverThatItIsNormalAndStatesTheFraction()
    {
        PhantomTruth truth = Simulate("us-cardiac", ("ejection-fraction", "28"));
        Random random = new(1);
        List<string> captions = [.. Enumerable.Range(0, Samples).Select(_ => _sampler.Sample("us-cardiac", truth, random))];

        captions.ShouldNotContain(caption => caption.Contains("normal", StringComparison.OrdinalIgnoreCase));
        captions.ShouldContain(caption => caption.Contains("EF 28", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Sample_UnknownKind_IsNamed() =>
        Should.Throw<InvalidInputException>(() => _sampler.Sample("us-knee", Truths("ct")[0], new Random(1))).Message.ShouldContain("us-knee");

    [Fact, Long]
    public void FreePrompts_OfTheRecipe_AreManyForEveryKindAndNoneIsSampled()
    {
        string path = RepositoryRoot.Path("recipes", "medgen-mini", "free-prompts.json");
        FreePrompt[] prompts = JsonSerializer.Deserialize<FreePrompt[]>(File.ReadAllText(path), Json)!;
        prompts.Length.ShouldBeGreaterThanOrEqualTo(60);
        prompts.Select(prompt => prompt.Prompt).ShouldBeUnique();
        Random random = new(5);
        foreach (IPhantom phantom in PhantomCatalog.All)
        {
            FreePrompt[] own = [.. prompts.Where(prompt => prompt.Kind == phantom.Kind)];
            own.Length.ShouldBeGreaterThanOrEqualTo(5, phantom.Kind);
            string[] words = [.. phantom.Labels, .. phantom.Parameters.SelectMany(parameter => parameter.Words)];
            own.Select(prompt => prompt.Finding).OfType<string>().ShouldBeSubsetOf(words);
            HashSet<string> sampled = [.. from truth in Truths(phantom.Kind) from _ in Enumerable.Range(0, Samples)
                                          select Plain(_sampler.Sample(phantom.Kind, truth, random))];
            own.Select(prompt => Plain(prompt.Prompt)).Intersect(sampled).ShouldBeEmpty();
        }
    }

    private static PhantomTruth[] Truths(string kind) => [.. Enumerable.Range(1, 12).Select(seed => Simulate(kind, seed))];

    private static PhantomTruth Simulate(string kind, params (string Name, string Value)[] fixedParameters) => Simulate(kind, 1, fixedParameters);

    private static PhantomTruth Simulate(string kind, int seed, params (string Name, string Value)[] fixedParameters) =>
        PhantomCatalog.Get(kind).Simulate(new PhantomRequest
        {
            Seed = seed,
            Width = 32,
            Height = 32,
            NumFrames = 1,
            FramesPerSecond = 8,
            Parameters = fixedParameters.ToDictionary(p => p.Name, p => p.Value),
        }).Truth;

    private static string Plain(string text) => new([.. text.ToLowerInvariant().Where(char.IsLetterOrDigit)]);

    private sealed record FreePrompt(string Kind, string Prompt, string? Finding);
}
