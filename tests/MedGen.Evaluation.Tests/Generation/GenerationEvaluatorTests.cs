using System.Text;
using System.Text.Json;
using MedGen.Sdk.Errors;
using MedGen.Phantoms;
using MedGen.Evaluation.Generation;
using MedGen.Training.Recipes;

namespace MedGen.Evaluation.Tests.Generation;

[Collection("torch")]
public sealed class GenerationEvaluatorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-evaluation-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact, Long]
    public async Task RunAsync_OfAModelWithRandomWeights_MeasuresEverythingAndNamesWhatItCannotRead()
    {
        string data = WriteData();

        GenerationEvaluation evaluation = await EvaluateAsync(data, maxUnreadable: 1);

        evaluation.Model.ShouldBe("wan-tiny");
        evaluation.Prompts.Select(prompt => (prompt.Modality, prompt.Answers.Values.Sum())).ShouldBe([("US", 4), ("CT", 4)]);
        evaluation.Adherence.ShouldBe(evaluation.Prompts.Average(prompt => prompt.Generated));
        evaluation.Adherence.ShouldBeLessThan(evaluation.AdherenceCeiling);
        evaluation.Reconstruction.Select(line => (line.Source, line.Modality, line.Clips)).ShouldBe([("real", "US", 1), ("simulated", "CT", 4), ("simulated", "US", 4)]);
        evaluation.NotRead.ShouldBe(["broken.mp4"]);
        evaluation.FirstFrames.ShouldBeEmpty();
        evaluation.Distribution["training"].Frechet.ShouldBeLessThan(evaluation.Distribution["generated"].Frechet);
        evaluation.Motion.Keys.ShouldBe(["generated", "held-out simulated", "held-out real"]);
        evaluation.Memorisation.Count.ShouldBe(2);
        string output = Path.Combine(_folder, "out");
        Directory.EnumerateFiles(output).Select(Path.GetFileName).Order(StringComparer.Ordinal).ShouldBe(["EVALUATION.md", "evaluation.json", "samples.png"]);
        (await File.ReadAllTextAsync(Path.Combine(output, "EVALUATION.md"), TestContext.Current.CancellationToken)).ShouldContain("Not decoded, in no figure: broken.mp4.");
        JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(output, "evaluation.json"), TestContext.Current.CancellationToken))
            .RootElement.GetProperty("adherence").GetDouble().ShouldBe(evaluation.Adherence);
    }

    [Fact, Long]
    public async Task RunAsync_OfAModelThatTakesAFirstFrame_MeasuresHowItIsKeptAndWhetherTheRestMoves()
    {
        string data = WriteData();

        GenerationEvaluation evaluation = await EvaluateAsync(data, maxUnreadable: 1, RepositoryRoot.Path("models", "medgen-mini"));

        evaluation.FirstFrames.Select(line => (line.Source, line.Clips)).ShouldBe([("simulated", 8), ("real", 1)]);
        foreach (FirstFrameQuality line in evaluation.FirstFrames)
        {
            line.WorstPsnr.ShouldBeLessThanOrEqualTo(line.Psnr);
            line.Psnr.ShouldBeGreaterThan(line.Reconstruction - 3, "the picture that is given stays the first frame");
            line.Motion.FrozenShare.ShouldBe(0);
        }

        (await File.ReadAllTextAsync(Path.Combine(_folder, "out", "EVALUATION.md"), TestContext.Current.CancellationToken))
            .ShouldContain("## First frames");
    }

    [Fact]
    public async Task RunAsync_WithMoreUnreadableClipsThanAllowed_NamesTheSourceAndWritesNothing()
    {
        string data = WriteData();

        InvalidInputException exception = await Should.ThrowAsync<InvalidInputException>(EvaluateAsync(data, maxUnreadable: 0));

        exception.Violations.ShouldHaveSingleItem().Field.ShouldBe("data.real");
        exception.Message.ShouldContain("broken.mp4");
        Directory.Exists(Path.Combine(_folder, "out")).ShouldBeFalse();
    }

    private string WriteData()
    {
        string data = Directory.CreateDirectory(Path.Combine(_folder, "data")).FullName;
        foreach (string name in new[] { "trained.mp4", "held.mp4" })
        {
            File.Copy(RepositoryRoot.Path("samples", "clips", "lung_ultrasound.mp4"), Path.Combine(data, name));
        }

        File.WriteAllText(Path.Combine(data, "broken.mp4"), "not a video");
        string Line(string name) => $"{name},US,video,40,a lung,somewhere,{name}\n";
        File.WriteAllText(Path.Combine(data, "manifest.csv"), $"path,modality_code,kind,frames,shows,source,group_id\n{Line("trained.mp4")}{Line("held.mp4")}{Line("broken.mp4")}");
        return data;
    }

    private Task<GenerationEvaluation> EvaluateAsync(string data, int maxUnreadable, string? model = null)
    {
        TrainingRecipe recipe = RecipeReader.Parse(Encoding.UTF8.GetBytes($$"""
            { "name": "mini", "base": "{{Fixtures.TinyModel}}",
              "data": [ { "name": "phantoms", "type": "phantoms", "kinds": ["us-lung", "ct"], "seeds": 6 },
                        { "name": "real", "type": "clips", "folder": "{{data}}", "held_out_groups": ["held.mp4", "broken.mp4"], "max_unreadable": {{maxUnreadable}} } ],
              "runs": [ { "kind": "lora", "lora": {}, "stages": [ { "name": "clips", "steps": 1, "batch": 1, "width": 64, "height": 64, "num_frames": 5, "mix": { "phantoms": 1 } } ] } ] }
            """));
        GenerationEvaluationSpec spec = new()
        {
            Name = "mini",
            Model = model ?? Fixtures.TinyModel,
            Training = "recipe.json",
            Classifier = RepositoryRoot.Path("models", "modality-judge", "modality.safetensors"),
            Prompts = [new() { Prompt = "A lung.", Kind = "us-lung" }, new() { Prompt = "A torso.", Kind = "ct" }],
            Seeds = 4, Width = 64, Height = 64, NumFrames = 5,
            Samples = new() { Steps = 2, GuidanceScale = 1 },
        };
        return new GenerationEvaluator(Readers.Create(), PhantomCatalog.All).RunAsync(spec, recipe, Path.Combine(_folder, "out"), (_, _) => { }, TestContext.Current.CancellationToken);
    }
}
