using System.Text;
using MedGen.Sdk.Errors;
using MedGen.Training.Recipes;
using MedGen.Training.Tests.Running;

namespace MedGen.Training.Tests.Recipes;

public class RecipeReaderTests
{
    private static readonly string Good = $$"""
        { "name": "tiny", {{Trainings.Discs}} {{Trainings.Parts}} "runs": [ {{Trainings.AutoencoderRun(2)}}, {{Trainings.FlowRun("text+flow", 2)}} ] }
        """;

    [Fact]
    public void Parse_GoodRecipe_HasWhatItSaysAndDefaults()
    {
        TrainingRecipe recipe = Parse(Good);

        recipe.Runs.Select(run => run.Kind).ShouldBe([RunKind.Autoencoder, RunKind.TextAndFlow]);
        recipe.Runs[0].Stages[0].Crop.ShouldBe(16);
        recipe.Runs[1].Flow.Shift.ShouldBe(3);
        recipe.Seed.ShouldBe(1);
    }

    [Theory]
    [InlineData("\"name\": \"tiny\"", "\"name\": \"tiny\", \"nmae\": 1", "nmae", "got an unknown key; allowed: autoencoder, base, data, name, runs, seed")]
    [InlineData("\"checkpoint_every\": 3", "\"checkpoint_evry\": 3", "runs[0].checkpoint_evry", "allowed: checkpoint_every, dtype, flow, kind, lora")]
    [InlineData("\"kind\": \"text+flow\"", "\"kind\": \"dance\"", "runs[1].kind", "allowed: one of autoencoder, decoder, text, text+flow")]
    [InlineData("\"dim\": 24", "\"dim\": \"wide\"", "transformer.dim", "allowed: a whole number")]
    [InlineData("\"name\": \"tiny\", ", "", "recipe", "required keys are missing: name.")]
    [InlineData("\"seeds\": 6", "\"seeds\": 0", "data[0].seeds", "got 0; allowed: 1 to 1000000")]
    [InlineData("\"num_heads\": 2, \"num_layers\": 2", "\"num_heads\": 5, \"num_layers\": 2", "transformer.num_heads", "5 heads do not divide width 24")]
    [InlineData("\"num_frames\": 5", "\"num_frames\": 8", "runs[0].stages[1].num_frames", "4k + 1")]
    [InlineData("\"width\": 32", "\"width\": 40", "runs[0].stages[0].width", "multiples of 16")]
    [InlineData("\"crop\": 16", "\"crop\": 64", "runs[0].stages[0].crop", "fit into 32×32")]
    [InlineData("\"mix\": { \"discs\": 1 }", "\"mix\": { \"disks\": 1 }", "runs[0].stages[0].mix.disks", "discs")]
    [InlineData("\"kind\": \"text+flow\"", "\"kind\": \"lora\"", "runs[1].lora", "is missing")]
    [InlineData("\"kind\": \"text+flow\"", "\"kind\": \"decoder\"", "runs[1].kind", "a recipe of its own")]
    [InlineData("\"warmup_steps\": 2", "\"warmup_steps\": -2", "runs[0].optimizer.warmup_steps", "got -2")]
    [InlineData("\"warmup_steps\": 2", "\"algorithm\": \"sgd\"", "runs[0].optimizer.algorithm", "allowed: one of adamw, muon")]
    [InlineData("\"type\": \"phantoms\"", "\"type\": \"folder\"", "data[0].folder", "is missing")]
    [InlineData("\"type\": \"phantoms\"", "\"type\": \"folder\", \"free_captions\": 2", "data[0].free_captions", "belongs to phantoms only")]
    [InlineData("\"type\": \"phantoms\"", "\"type\": \"phantoms\", \"free_captions\": 1001", "data[0].free_captions", "got 1001; allowed: 0 to 1000")]
    [InlineData("\"type\": \"phantoms\"", "\"type\": \"phantoms\", \"permissive_only\": true", "data[0].permissive_only", "belongs to clips only")]
    public void Parse_BadField_IsNamed(string good, string bad, string field, string message)
    {
        int at = Good.IndexOf(good, StringComparison.Ordinal);
        at.ShouldBeGreaterThanOrEqualTo(0);

        InvalidInputException error = Should.Throw<InvalidInputException>(() => Parse(Good[..at] + bad + Good[(at + good.Length)..]));

        error.Violations.Select(violation => violation.Field).ShouldContain(field, error.Message);
        error.Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("\"batch\": 2", "\"batch\": 2, \"width\": 32", "runs[0].stages[0].width", "got 32; a text run sees no pictures")]
    [InlineData("\"batch\": 2", "\"batch\": 2, \"num_frames\": 5", "runs[0].stages[0].num_frames", "a text run sees no pictures")]
    [InlineData("\"text\": { \"facts\": 1 }", "\"text\": { \"facts\": 0 }", "runs[0].text", "nothing to learn")]
    [InlineData("\"text\": { \"facts\": 1 }", "\"text\": { \"imitated\": 4 }", "runs[0].text.imitated", "needs an imitation above 0")]
    [InlineData("\"text\": { \"facts\": 1 }", "\"text\": { \"imitation\": -1 }", "runs[0].text.imitation", "got -1; allowed: 0 to 1000")]
    [InlineData(", \"text_encoder\": { \"dim\": 16, \"feed_forward_dim\": 16, \"num_heads\": 2, \"num_layers\": 1 }", "", "text_encoder", "is missing; runs[0] trains it")]
    [InlineData("\"seeds\": 6", "\"seeds\": 6, \"held_out_templates\": 0.2", "data[0].held_out_templates", "needs free_captions")]
    [InlineData("\"seeds\": 6", "\"seeds\": 6, \"held_out_words\": 0.1", "data[0].held_out_words", "needs free_captions")]
    [InlineData("\"checkpoint_every\": 3", "\"checkpoint_every\": 3, \"flow\": { \"word_dropout\": 1 }", "runs[0].flow.word_dropout", "allowed: 0 to 0.9")]
    public void Parse_TextRunWithABadField_IsNamed(string good, string bad, string field, string message)
    {
        string text = $$"""{ "name": "tiny", {{Trainings.Discs}} {{Trainings.TextParts}} "runs": [ {{Trainings.TextRun(2)}} ] }""";
        Parse(text).Runs[0].Kind.ShouldBe(RunKind.Text);
        int at = text.IndexOf(good, StringComparison.Ordinal);
        at.ShouldBeGreaterThanOrEqualTo(0);

        InvalidInputException error = Should.Throw<InvalidInputException>(() => Parse(text[..at] + bad + text[(at + good.Length)..]));

        error.Violations.Select(violation => violation.Field).ShouldContain(field, error.Message);
        error.Message.ShouldContain(message);
    }

    [Fact]
    public void Parse_TextFieldsWhereTheyDoNotBelong_AreRefused()
    {
        string flow = Trainings.FlowRun("text+flow", 2, """ "text": { "imitation": 2 }, """);
        string recipe = $$"""{ "name": "tiny", "base": ".", {{Trainings.Discs}} {{Trainings.Parts}} "runs": [ {{Trainings.TextRun(2)}}, {{flow}} ] }""";

        InvalidInputException error = Should.Throw<InvalidInputException>(() => Parse(recipe));

        error.Violations.Select(violation => violation.Field).ShouldBe(["runs[1].text", "runs[1].kind"]);
    }

    [Fact]
    public void Parse_AdapterByMuon_IsRefused()
    {
        string recipe = $$"""{ "name": "a", "base": ".", "data": [ { "name": "discs", "type": "phantoms" } ], "runs": [ {{Trainings.FlowRun("lora", 6, """ "lora": { "rank": 2 }, """).Replace("\"learning_rate\"", "\"algorithm\": \"muon\", \"learning_rate\"")}} ] }""";

        InvalidInputException error = Should.Throw<InvalidInputException>(() => Parse(recipe));

        error.Violations.ShouldHaveSingleItem().Field.ShouldBe("runs[0].optimizer.algorithm");
    }

    [Fact]
    public void Read_MissingFile_IsNamed() => Should.Throw<InvalidInputException>(() => RecipeReader.Read("none.json")).Message.ShouldContain("none.json");

    public static TheoryData<string> Shipped =>
        [.. Directory.EnumerateFiles(RepositoryRoot.Path("recipes"), "*.json", SearchOption.AllDirectories)
            .Where(path => Path.GetFileName(path) is not ("evaluation.json" or "free-prompts.json" or "study-smoke.json") && Path.GetFileName(Path.GetDirectoryName(path)) != "studies")
            .Select(path => Path.GetRelativePath(RepositoryRoot.Path(), path))];

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Read_ShippedRecipe_IsGood(string path) => RecipeReader.Read(RepositoryRoot.Path(path)).Runs.ShouldNotBeEmpty();

    private static TrainingRecipe Parse(string json) => RecipeReader.Parse(Encoding.UTF8.GetBytes(json));
}
