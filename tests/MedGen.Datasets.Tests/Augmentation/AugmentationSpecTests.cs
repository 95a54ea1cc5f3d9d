using System.Text.Json.Nodes;
using MedGen.Datasets.Running;
using MedGen.Phantoms;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Errors;
using MedGen.Datasets.Augmentation;

namespace MedGen.Datasets.Tests.Augmentation;

public sealed class AugmentationSpecTests : IDisposable
{
    private readonly AugmentationFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData("""{ "sead": 1 }""", "sead")]
    [InlineData("""{ "methods": [{ "type": "classic", "wait": 2 }] }""", "wait")]
    [InlineData("""{ "balance": { "per_class": 3, "ratio": 2 } }""", "balance: got several")]
    [InlineData("""{ "clip": { "width": 33, "num_frames": 16 } }""", "clip.width: got 33 px")]
    [InlineData("""{ "clip": { "width": 33, "num_frames": 16 } }""", "clip.num_frames: got 16; allowed: 4k + 1")]
    [InlineData("""{ "clip": { "height": 20 } }""", "clip.height: got 20; allowed: 32 to 1024")]
    [InlineData("""{ "split": { "test": 0 } }""", "split.test: got 0; allowed: 0.01 to 0.5")]
    [InlineData("""{ "methods": [{ "type": "classic", "weight": 0 }] }""", "methods[0].weight: got 0")]
    [InlineData("""{ "filters": { "quality": { "min": 2, "max": 0.5 } } }""", "filters.quality.min: got 2; allowed: 0 to 1. filters.quality.max: got 0.5")]
    [InlineData("""{ "labels": { "type": "numeric" } }""", "labels.bins")]
    [InlineData("""{ "filters": { "privacy": { "quantile": 2 } } }""", "filters.privacy.quantile: got 2; allowed: 0.01 to 1")]
    [InlineData("""[]""", "spec")]
    public void Parse_OfAWrongSpec_NamesTheKey(string json, string expected) =>
        Should.Throw<InvalidInputException>(() => AugmentationSpecReader.Parse(json)).Message.ShouldContain(expected);

    [Theory]
    [InlineData("""{ "type": "magic" }""", "methods[0].type: got 'magic'; allowed: classic, prompted, variation, animate, adapted, phantom.")]
    [InlineData("""{ "type": "classic", "options": { "magnitude": 4, "per_clip": 0 } }""", "methods[0].options.magnitude: got 4; allowed: 0.01 to 1")]
    [InlineData("""{ "type": "classic", "options": { "magnitude": 4, "per_clip": 0 } }""", "methods[0].options.per_clip: got 0")]
    [InlineData("""{ "type": "classic", "options": { "flip": true } }""", "flip")]
    [InlineData("""{ "type": "variation", "options": { "strength_from": 0.8, "strength_to": 0.2 } }""", "methods[0].options.strength_to: got 0.2; allowed: 0.8 to 1")]
    [InlineData("""{ "type": "phantom", "options": { "kind": "us-lung", "classes": { "a": { "nonsense": "1" } } } }""", "methods[0].options.classes.a")]
    public async Task CheckMethods_OfWrongOptions_NamesThem(string method, string expected)
    {
        AugmentationSpec spec = AugmentationSpecReader.Parse($$"""{ "methods": [{{method}}] }""");

        (await Should.ThrowAsync<InvalidInputException>(
            () => AugmentationMethods.CheckAsync(spec, _fixture.Augmenter, null, AugmentationFixture.Token))).Message.ShouldContain(expected);
    }

    // What the host checks by the schema must be what the plugin reads.
    [Fact]
    public void Describe_OfEachMethod_SaysTheOptionsThatTheManualNames()
    {
        string manual = File.ReadAllText(RepositoryRoot.Path("docs", "augmentation.md"));
        foreach (AugmentationMethodDescription method in _fixture.Augmenter.Describe().Methods)
        {
            JsonNode schema = JsonNode.Parse(method.OptionsSchema)!;

            schema["additionalProperties"]!.GetValue<bool>().ShouldBeFalse();
            JsonObject options = schema["properties"]!.AsObject();
            options.Count.ShouldBeGreaterThan(2);
            foreach ((string name, JsonNode? rules) in options)
            {
                manual.ShouldContain($"`{name}`", customMessage: method.Name);
                rules!["description"].ShouldNotBeNull($"{method.Name}.{name}");
            }
        }

        JsonNode phantom = JsonNode.Parse(_fixture.Augmenter.Describe().Methods.Single(method => method.Name == "phantom").OptionsSchema)!;
        phantom["required"]!.ToJsonString().ShouldBe("""["kind","classes"]""");
        phantom["properties"]!["kind"]!["enum"]!.AsArray().Select(kind => (string)kind!).ShouldBe(PhantomCatalog.All.Select(one => one.Kind));
    }

    [Fact]
    public void Write_OfASpec_IsReadAsTheSame()
    {
        AugmentationSpec spec = AugmentationSpecReader.Parse("""{ "seed": 4, "balance": { "classes": { "a": 3 } }, "methods": [{ "type": "classic", "options": { "per_clip": 3 } }] }""");

        AugmentationSpecReader.Write(AugmentationSpecReader.Parse(AugmentationSpecReader.Write(spec))).ShouldBe(AugmentationSpecReader.Write(spec));
    }

    [Fact]
    public async Task SelfTest_OfThePlugin_Passes() => await _fixture.SelfTest.RunAsync(AugmentationFixture.Token);
}
