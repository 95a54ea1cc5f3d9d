using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Models;
using MedGen.Model.Autoencoders;
using MedGen.Model.Checkpoints;
using MedGen.Model.Pipelines;
using MedGen.Model.TextEncoders;
using MedGen.Model.Transformers;
using MedGen.Torch.Safetensors;
using MedGen.Torch.Operations;
using MedGen.Training.Recipes;
using MedGen.Training.Running;
using MedGen.Torch.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Training.Tests.Running;

[Collection("torch")]
public sealed class ModelTrainerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-training-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task RunAsync_AllParts_WritesAModelThatGeneratesAndThatALoraChanges()
    {
        string output = Path.Combine(_folder, "out");
        await Trainings.RunAsync(Trainings.Parse(Trainings.AutoencoderRun(4), Trainings.FlowRun("text+flow", 4)), output);

        ModelFolder model = ModelFolder.Open(Path.Combine(output, ModelTrainer.ModelFolderName));
        model.Files.Missing.ShouldBeEmpty();
        model.Name.ShouldBe("tiny");
        model.IsTrained.ShouldBeTrue();
        (model.Defaults.Width, model.Defaults.Height, model.Defaults.NumFrames, model.Defaults.FramesPerSecond, model.Defaults.NumInferenceSteps).ShouldBe((32, 32, 5, 8, 2));
        foreach (string run in new[] { "autoencoder", "text+flow" })
        {
            Directory.EnumerateFiles(Path.Combine(output, "samples", run)).Select(Path.GetFileName).Order().ShouldBe(["step-0000004.png", "step-0000006.png"]);
            XDocument loss = XDocument.Parse(File.ReadAllText(Path.Combine(output, $"{run}.loss.svg")));
            string[] texts = [.. loss.Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value.Trim())];
            texts.ShouldContain($"tiny: loss of {run}");
            texts.ShouldContain("held out");
            File.Exists(Path.Combine(output, $"{run}.psnr.svg")).ShouldBe(run == "autoencoder");
            File.ReadLines(Path.Combine(output, $"{run}.log.jsonl")).Count(line => line.Contains("\"validate\"")).ShouldBe(2);
        }

        TrainingRecipe lora = Trainings.Parse(Trainings.FlowRun("lora", 6, """ "lora": { "rank": 2, "alpha": 6 }, """).Replace("\"learning_rate\": 1e-2", "\"learning_rate\": 1e-1"))
            with { Base = model.Files.Folder };
        lora = lora with { Runs = [lora.Runs[0] with { Samples = lora.Runs[0].Samples with { Prompts = ["A red disc.", "Echocardiography of a child."] } }] };
        Warnings warnings = new();
        await Trainings.RunAsync(lora, Path.Combine(_folder, "lora"), progress: warnings);

        warnings.Messages.ShouldHaveSingleItem().ShouldBe(
            "samples.prompts: 'Echocardiography of a child.' shares no word with the training captions; its picture will not show what is learnt.");
        File.ReadAllText(Path.Combine(_folder, "lora", "lora.captions.jsonl")).ShouldBeEmpty(); // simulated clips alone

        ModelFolder adapted = ModelFolder.Open(Path.Combine(_folder, "lora", ModelTrainer.ModelFolderName));
        adapted.FineTuneIsAdapter.ShouldBeTrue();
        Directory.EnumerateFiles(Path.Combine(_folder, "lora", "samples", "lora")).Select(Path.GetFileName).Order()
            .ShouldBe(["step-0000000.png", "step-0000004.png", "step-0000008.png"]); // the first is the base
        SafetensorsHeader.Read(adapted.Files.FineTune!).Tensors.Keys.ShouldContain("blocks.1.self_attn.q.lora_A.default.weight");
        SafetensorsHeader.Read(adapted.Files.FineTune!).Tensors.Count.ShouldBe(2 * 2 * 10);
        byte[] plain = Generate(model);
        plain.ShouldBe(Generate(model));
        plain.ShouldNotBe(Generate(adapted));
    }

    [Fact]
    public async Task RunAsync_Decoder_ChangesTheDecoderAloneAndKeepsTheRestOfTheBase()
    {
        await Trainings.RunAsync(Trainings.Parse(Trainings.AutoencoderRun(1), Trainings.FlowRun("text+flow", 1)), Path.Combine(_folder, "base"));
        ModelFolder given = ModelFolder.Open(Path.Combine(_folder, "base", ModelTrainer.ModelFolderName));

        await Trainings.RunAsync(Trainings.Parse(Trainings.DecoderRun(4)) with { Base = given.Files.Folder }, Path.Combine(_folder, "out"));

        ModelFolder trained = ModelFolder.Open(Path.Combine(_folder, "out", ModelTrainer.ModelFolderName));
        trained.Files.Missing.ShouldBeEmpty();
        trained.Defaults.ShouldBe(given.Defaults);
        File.ReadAllBytes(trained.Files.Transformer[0]).ShouldBe(File.ReadAllBytes(given.Files.Transformer[0]));
        using WanAutoencoder before = given.OpenAutoencoder(CPU, ScalarType.Float32);
        using WanAutoencoder after = trained.OpenAutoencoder(CPU, ScalarType.Float32);
        after.Config.LatentMean.ShouldBe(before.Config.LatentMean);
        after.Config.LatentStd.ShouldBe(before.Config.LatentStd);
        string[] changed = [.. before.Parameters.Where(pair => !pair.Value.equal(after.Parameters[pair.Key]).all().item<bool>()).Select(pair => pair.Key)];
        changed.ShouldContain("decoder.head.2.weight");
        changed.ShouldContain("conv2.weight");
        changed.ShouldAllBe(name => name.StartsWith("decoder.") || name.StartsWith("conv2."));
    }

    [Fact]
    public async Task RunAsync_AutoencoderFromBase_TrainsItOnAndItsTransformerOverTheNewLatents()
    {
        await Trainings.RunAsync(Trainings.Parse(Trainings.AutoencoderRun(1), Trainings.FlowRun("text+flow", 1)), Path.Combine(_folder, "base"));
        ModelFolder given = ModelFolder.Open(Path.Combine(_folder, "base", ModelTrainer.ModelFolderName));
        TrainingRecipe recipe = Trainings.Parse(Trainings.AutoencoderRun(4), Trainings.FlowRun("flow", 1));
        recipe = recipe with { Autoencoder = recipe.Autoencoder! with { FromBase = true }, Transformer = null };
        (await Should.ThrowAsync<InvalidInputException>(() => Trainings.RunAsync(recipe, Path.Combine(_folder, "none")))).Message.ShouldContain("runs[0] needs a model folder");

        await Trainings.RunAsync(recipe with { Base = given.Files.Folder }, Path.Combine(_folder, "out"));

        ModelFolder trained = ModelFolder.Open(Path.Combine(_folder, "out", ModelTrainer.ModelFolderName));
        trained.Files.Missing.ShouldBeEmpty();
        File.ReadAllBytes(trained.Files.TextEncoder[0]).ShouldBe(File.ReadAllBytes(given.Files.TextEncoder[0]));
        File.ReadAllBytes(trained.Files.Transformer[0]).ShouldNotBe(File.ReadAllBytes(given.Files.Transformer[0]));
        using WanAutoencoder before = given.OpenAutoencoder(CPU, ScalarType.Float32);
        using WanAutoencoder after = trained.OpenAutoencoder(CPU, ScalarType.Float32);
        after.Config.LatentStd.ShouldNotBe(before.Config.LatentStd);

        // A few steps from where the base stood: random weights would lie far away.
        before.Parameters.Keys.ShouldAllBe(name => (after.Parameters[name] - before.Parameters[name]).abs().max().item<float>() < 0.02f);
        before.Parameters.Keys.Count(name => !before.Parameters[name].equal(after.Parameters[name]).all().item<bool>()).ShouldBeGreaterThan(before.Parameters.Count / 2);
        Generate(trained).Length.ShouldBe(32 * 32 * 3 * 5);
    }

    [Fact]
    public async Task RunAsync_TextAndFlowFromBase_TrainsBothOnWithTheVocabularyOfTheBase()
    {
        await Trainings.RunAsync(Trainings.Parse(Trainings.AutoencoderRun(1), Trainings.FlowRun("text+flow", 1)), Path.Combine(_folder, "base"));
        ModelFolder given = ModelFolder.Open(Path.Combine(_folder, "base", ModelTrainer.ModelFolderName));
        File.AppendAllLines(Path.Combine(given.Files.Folder, "lexicon.txt"), ["spleen"]);
        TrainingRecipe recipe = Trainings.Parse(Trainings.FlowRun("text+flow", 2, """ "flow": { "first_frames": 0.5 }, """))
            with { Autoencoder = null, Tokenizer = null, TextEncoder = null, Transformer = null };
        (await Should.ThrowAsync<InvalidInputException>(() => Trainings.RunAsync(recipe, Path.Combine(_folder, "none")))).Message.ShouldContain("runs[0] needs a model folder");

        await Trainings.RunAsync(recipe with { Base = given.Files.Folder }, Path.Combine(_folder, "out"));

        ModelFolder trained = ModelFolder.Open(Path.Combine(_folder, "out", ModelTrainer.ModelFolderName));
        trained.Files.Missing.ShouldBeEmpty();
        File.ReadAllBytes(trained.Files.Tokenizer!).ShouldBe(File.ReadAllBytes(given.Files.Tokenizer!));
        trained.Lexicon!.Words.ShouldBe(given.Lexicon!.Words); // nothing that the base knew is forgotten
        using UMT5Encoder before = given.OpenTextEncoder(CPU, ScalarType.Float32);
        using UMT5Encoder after = trained.OpenTextEncoder(CPU, ScalarType.Float32);
        ShouldBeAFewStepsFrom(before.Parameters, after.Parameters);
        using WanTransformer transformerBefore = given.OpenTransformer(CPU, ScalarType.Float32);
        using WanTransformer transformerAfter = trained.OpenTransformer(CPU, ScalarType.Float32);
        ShouldBeAFewStepsFrom(transformerBefore.Parameters, transformerAfter.Parameters);
        (transformerBefore.Config.TakesFirstFrame, transformerAfter.Config.TakesFirstFrame).ShouldBe((false, true));
        Generate(trained).Length.ShouldBe(32 * 32 * 3 * 5);

        static void ShouldBeAFewStepsFrom(IReadOnlyDictionary<string, StoredWeight> before, IReadOnlyDictionary<string, StoredWeight> after)
        {
            using DisposeScope scope = NewDisposeScope();
            float[] changes = [.. before.Select(pair => (after[pair.Key].Read(ScalarType.Float32) - pair.Value.Read(ScalarType.Float32)).abs().max().item<float>())];
            changes.ShouldAllBe(change => change < 0.05f);
            changes.Count(change => change > 0).ShouldBeGreaterThan(changes.Length / 2);
        }
    }

    [Fact]
    public async Task RunAsync_Text_LearnsFromCaptionsWhatIsTrueOfTheirClips()
    {
        string output = Path.Combine(_folder, "out");
        await Trainings.RunAsync(Trainings.Parse(Trainings.TextRun(60), Trainings.AutoencoderRun(1), Trainings.FlowRun("flow", 1)), output);

        Validations(output, "text", "test-disc label_accuracy")[^1].ShouldBe(1);
        Directory.Exists(Path.Combine(output, "samples", "text")).ShouldBeFalse(); // it has no pictures
        ModelFolder model = ModelFolder.Open(Path.Combine(output, ModelTrainer.ModelFolderName));
        model.Lexicon!.Words.ShouldContain("blue");
        Generate(model).Length.ShouldBe(32 * 32 * 3 * 5);
    }

    [Fact]
    public async Task RunAsync_TextOnFiles_ReadsTheirWordsAloneAndListsNone()
    {
        string data = Path.Combine(_folder, "data");
        Directory.CreateDirectory(data);
        await File.WriteAllTextAsync(Path.Combine(data, "still.png"), "never decoded", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            Path.Combine(data, "metadata.csv"), "file_name,caption,label\nstill.png,a green square,square\n", TestContext.Current.CancellationToken);
        TrainingRecipe recipe = Trainings.Parse(Trainings.TextRun(1));
        RunRecipe run = recipe.Runs[0];
        recipe = recipe with
        {
            Data = [.. recipe.Data, new() { Name = "stills", Type = DataSourceType.Folder, Folder = data }],
            Runs = [run with { Stages = [run.Stages[0] with { Mix = new Dictionary<string, double> { ["discs"] = 1, ["stills"] = 1 } }] }],
        };

        await Trainings.RunAsync(recipe, Path.Combine(_folder, "out"));

        string model = Path.Combine(_folder, "out", ModelTrainer.ModelFolderName);
        PromptLexicon.Read(model)!.Words.ShouldContain("green");
        TrainingData.Read(model)!.Files.ShouldBe(0);
    }

    [Fact, Long]
    public async Task RunAsync_TextByImitation_SpeaksToTheTransformerOfTheBase()
    {
        await Trainings.RunAsync(Trainings.Parse(Trainings.AutoencoderRun(1), Trainings.FlowRun("text+flow", 30)), Path.Combine(_folder, "base"));
        ModelFolder given = ModelFolder.Open(Path.Combine(_folder, "base", ModelTrainer.ModelFolderName));
        TrainingRecipe recipe = Trainings.Parse(Trainings.TextRun(80, """{ "facts": 0, "imitation": 1 }""")) with { Autoencoder = null, Transformer = null };
        (await Should.ThrowAsync<InvalidInputException>(() => Trainings.RunAsync(recipe, Path.Combine(_folder, "none")))).Message.ShouldContain("runs[0] needs a model folder");

        string output = Path.Combine(_folder, "out");
        await Trainings.RunAsync(recipe with { Base = given.Files.Folder }, output);

        ModelFolder trained = ModelFolder.Open(Path.Combine(output, ModelTrainer.ModelFolderName));
        trained.Files.Missing.ShouldBeEmpty();
        trained.Defaults.ShouldBe(given.Defaults);
        File.ReadAllBytes(trained.Files.Transformer[0]).ShouldBe(File.ReadAllBytes(given.Files.Transformer[0]));
        File.ReadAllBytes(trained.Files.Autoencoder!).ShouldBe(File.ReadAllBytes(given.Files.Autoencoder!));
        File.ReadAllBytes(trained.Files.TextEncoder[0]).ShouldNotBe(File.ReadAllBytes(given.Files.TextEncoder[0]));
        double[] distances = Validations(output, "text", "imitation");
        distances[^1].ShouldBeLessThan(distances[0] / 3);
        Generate(trained).Length.ShouldBe(32 * 32 * 3 * 5);

        TrainingRecipe wide = recipe with { Base = given.Files.Folder, TextEncoder = recipe.TextEncoder! with { Dim = 24 } };
        (await Should.ThrowAsync<InvalidInputException>(() => Trainings.RunAsync(wide, Path.Combine(_folder, "wide"))))
            .Message.ShouldContain("text_encoder.dim: got 24; the base's transformer takes rows of 16.");
    }

    [Fact]
    public async Task RunAsync_AutoencoderFromABaseOfOtherSizes_NamesThem()
    {
        await Trainings.RunAsync(Trainings.Parse(Trainings.AutoencoderRun(1)), Path.Combine(_folder, "base"));
        TrainingRecipe recipe = Trainings.Parse(Trainings.AutoencoderRun(1)) with { Base = Path.Combine(_folder, "base", ModelTrainer.ModelFolderName) };
        recipe = recipe with { Autoencoder = recipe.Autoencoder! with { FromBase = true, Dim = 8, LatentChannels = 3 } };

        InvalidInputException error = await Should.ThrowAsync<InvalidInputException>(() => Trainings.RunAsync(recipe, Path.Combine(_folder, "out")));

        error.Violations.Select(violation => violation.Field).ShouldBe(["autoencoder.dim", "autoencoder.latent_channels"]);
        error.Message.ShouldContain("got 8; the base has 4");
    }

    [Theory]
    [LongInlineData("autoencoder")]
    [InlineData("text+flow")]
    [LongInlineData("text")]
    public async Task RunAsync_StoppedAndResumed_GivesTheSameLossesAndWeightsBitForBit(string kind)
    {
        string[] runs = kind switch
        {
            "autoencoder" => [Trainings.AutoencoderRun(8)],
            "text" => [Trainings.TextRun(10)],
            _ => [Trainings.AutoencoderRun(1), Trainings.FlowRun(kind, 8)],
        };
        string whole = Path.Combine(_folder, "whole");
        string broken = Path.Combine(_folder, "broken");
        await Trainings.RunAsync(Trainings.Parse(runs), whole);

        // Stops at step 5, where there is no regular checkpoint, and once more as if killed: the log is ahead of the checkpoint.
        using CancellationTokenSource stop = new();
        StopAt stopAt = new(kind, 5, stop);
        await Should.ThrowAsync<OperationCanceledException>(() => Trainings.RunAsync(Trainings.Parse(runs), broken, progress: stopAt, cancellationToken: stop.Token));
        string log = Path.Combine(broken, $"{kind}.log.jsonl");
        await File.AppendAllTextAsync(log, $"{{\"run\":\"{kind}\",\"event\":\"train\",\"done\":6,\"total\":10,\"loss\":9}}\n{{\"run\":\"auto", TestContext.Current.CancellationToken);
        await Trainings.RunAsync(Trainings.Parse(runs), broken, resume: true);

        Trainings.Losses(log).ShouldBe(Trainings.Losses(Path.Combine(whole, $"{kind}.log.jsonl")));
        foreach (string file in Directory.EnumerateFiles(Path.Combine(whole, "model")))
        {
            File.ReadAllBytes(file).ShouldBe(File.ReadAllBytes(Path.Combine(broken, "model", Path.GetFileName(file))), Path.GetFileName(file));
        }
    }

    [Fact]
    public async Task RunAsync_FolderWithATraining_AsksForResumeAndForTheSameRecipe()
    {
        string output = Path.Combine(_folder, "out");
        await Trainings.RunAsync(Trainings.Parse(Trainings.AutoencoderRun(1)), output);
        string trained = File.ReadAllText(Path.Combine(output, "recipe.json"));

        (await Should.ThrowAsync<FailedPreconditionException>(() => Trainings.RunAsync(Trainings.Parse(Trainings.AutoencoderRun(1)), output))).Message.ShouldContain("--resume");
        (await Should.ThrowAsync<FailedPreconditionException>(() => Trainings.RunAsync(Trainings.Parse(Trainings.AutoencoderRun(2)), output, resume: true)))
            .Message.ShouldContain("another recipe");
        File.ReadAllText(Path.Combine(output, "recipe.json")).ShouldBe(trained);
    }

    [Fact]
    public async Task RunAsync_ResumedInAnotherNumberTypeOrWithOtherKernels_IsRefusedByName()
    {
        string output = Path.Combine(_folder, "out");
        TrainingRecipe recipe = Trainings.Parse(Trainings.AutoencoderRun(1));
        await Trainings.RunAsync(recipe, output);
        TrainingRecipe half = recipe with { Runs = [recipe.Runs[0] with { Dtype = "bfloat16" }] };
        TrainingRecipe auto = recipe with { Runs = [recipe.Runs[0] with { Dtype = "auto" }] };

        (await Should.ThrowAsync<FailedPreconditionException>(() => Trainings.RunAsync(half, output, resume: true))).Message.ShouldContain("was computed in float32, not in bfloat16");
        await Trainings.RunAsync(auto, output, resume: true); // stays what it was begun in

        string file = Path.Combine(output, "checkpoints", "autoencoder.safetensors");
        string kernels = CpuKernels.Current.Name;
        File.WriteAllBytes(file, Encoding.Latin1.GetBytes(
            Encoding.Latin1.GetString(File.ReadAllBytes(file)).Replace($"\"{kernels}\"", $"\"{new string('x', kernels.Length)}\"", StringComparison.Ordinal)));
        (await Should.ThrowAsync<FailedPreconditionException>(() => Trainings.RunAsync(recipe, output, resume: true)))
            .Message.ShouldContain($"with the kernels {new string('x', kernels.Length)}, this machine has {kernels}");
    }

    [Fact]
    public async Task RunAsync_SourceWithTooShortClips_IsNamed()
    {
        string data = Path.Combine(_folder, "data", "disc");
        Directory.CreateDirectory(data);
        File.Copy(RepositoryRoot.Path("docs", "images", "demo-report.png"), Path.Combine(data, "still.png"));
        TrainingRecipe recipe = Trainings.Parse(Trainings.AutoencoderRun(1));
        RunRecipe run = recipe.Runs[0];
        recipe = recipe with
        {
            Data = [.. recipe.Data, new() { Name = "stills", Type = DataSourceType.Folder, Folder = Path.Combine(_folder, "data") }],
            Runs = [run with { Stages = [.. run.Stages.Select(stage => stage with { Mix = new Dictionary<string, double> { ["discs"] = 1, ["stills"] = 1 } })] }],
        };
        Warnings warnings = new();

        await Trainings.RunAsync(recipe, Path.Combine(_folder, "out"), progress: warnings);

        warnings.Messages.ShouldHaveSingleItem().ShouldStartWith("no clip of 'stills' has 5 frames");
    }

    [Theory]
    [LongInlineData("none", 1)]
    [InlineData("known", 2)]
    [LongInlineData("unknown", null)]
    public async Task RunAsync_OnFiles_ListsThemBesideThoseOfTheBase(string ofTheBase, int? files)
    {
        string data = Path.Combine(_folder, "data");
        Directory.CreateDirectory(data);
        string file = Path.Combine(data, "still.png");
        File.Copy(RepositoryRoot.Path("docs", "images", "demo-report.png"), file);
        await File.WriteAllTextAsync(Path.Combine(data, "metadata.csv"), "file_name,label,patient_id\nstill.png,disc,p1\n", TestContext.Current.CancellationToken);
        string @base = Path.Combine(_folder, "base");
        TrainingRecipe recipe = Trainings.Parse(Trainings.AutoencoderRun(1));
        if (ofTheBase != "none")
        {
            Directory.CreateDirectory(@base);
            foreach (string part in Directory.EnumerateFiles(RepositoryRoot.Path("models", "medgen-mini")))
            {
                File.Copy(part, Path.Combine(@base, Path.GetFileName(part)));
            }

            File.Delete(Path.Combine(@base, TrainingData.FileName));
            recipe = recipe with { Base = @base };
        }

        if (ofTheBase == "known")
        {
            await File.WriteAllTextAsync(
                Path.Combine(@base, TrainingData.FileName), TrainingData.Of([(new string('1', 64), "p0")]).ToJson(), TestContext.Current.CancellationToken);
        }

        RunRecipe run = recipe.Runs[0];
        recipe = recipe with
        {
            Data = [.. recipe.Data, new() { Name = "stills", Type = DataSourceType.Folder, Folder = data }],
            Runs = [run with { Stages = [.. run.Stages.Select(stage => stage with { Mix = new Dictionary<string, double> { ["discs"] = 1, ["stills"] = 1 } })] }],
        };

        await Trainings.RunAsync(recipe, Path.Combine(_folder, "out"));

        TrainingData? listed = TrainingData.Read(Path.Combine(_folder, "out", ModelTrainer.ModelFolderName));
        listed?.Files.ShouldBe(files!.Value);
        (listed is null).ShouldBe(files is null);
        (listed?.HasSeen(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file))), null) ?? true).ShouldBeTrue();
        (listed?.HasSeen("", "p1") ?? true).ShouldBeTrue();
    }

    [Fact]
    public async Task RunAsync_FlowWithoutAnAutoencoder_SaysThatABaseIsMissing()
    {
        TrainingRecipe recipe = Trainings.Parse(Trainings.FlowRun("text+flow", 1));

        (await Should.ThrowAsync<InvalidInputException>(() => Trainings.RunAsync(recipe, Path.Combine(_folder, "out")))).Message.ShouldContain("base: is missing");
        (await Should.ThrowAsync<InvalidInputException>(() => Trainings.RunAsync(recipe with { Base = Path.Combine(_folder, "none") }, Path.Combine(_folder, "out"))))
            .Message.ShouldContain("there is no folder");
    }

    [Theory]
    [InlineData("cuda:99", "There is no device 'cuda:99' here")]
    [InlineData("gpu", "device: got another value; allowed: cpu, cuda, cuda:N.")]
    public async Task RunAsync_DeviceThatIsNotHere_SaysSoAndWritesNothing(string device, string message)
    {
        TrainingOptions options = new() { OutputFolder = Path.Combine(_folder, "out"), Device = device };

        Exception error = await Should.ThrowAsync<Exception>(
            () => new ModelTrainer(Readers.Create(), [new DiscPhantom()]).RunAsync(Trainings.Parse(Trainings.AutoencoderRun(1)), options, null, TestContext.Current.CancellationToken));

        error.Message.ShouldContain(message);
        Directory.Exists(options.OutputFolder).ShouldBeFalse();
    }

    [Fact]
    public async Task RunAsync_UnknownNumberType_SaysWhatWasGotAndWhatIsAllowed()
    {
        TrainingOptions options = new() { OutputFolder = Path.Combine(_folder, "out"), Dtype = "float16" };

        (await Should.ThrowAsync<InvalidInputException>(() => new ModelTrainer(Readers.Create(), [new DiscPhantom()]).RunAsync(
            Trainings.Parse(Trainings.AutoencoderRun(1)), options, null, TestContext.Current.CancellationToken)))
            .Message.ShouldContain("dtype: got 'float16'; allowed: auto, float32, bfloat16.");
    }

    [Fact]
    public async Task RunAsync_UnknownKind_NamesTheFieldAndWhatThereIs()
    {
        TrainingRecipe recipe = Trainings.Parse(Trainings.AutoencoderRun(1));
        recipe = recipe with { Data = [recipe.Data[0] with { Kinds = ["us-moon"] }] };

        InvalidInputException error = await Should.ThrowAsync<InvalidInputException>(() => Trainings.RunAsync(recipe, Path.Combine(_folder, "out")));

        error.Violations[0].Field.ShouldBe("data[0].kinds");
        error.Message.ShouldContain("test-disc");
    }

    [Fact]
    public async Task RunAsync_FolderWithBrokenFiles_NamesThemAndStopsAtTheLimit()
    {
        string data = Path.Combine(_folder, "data", "disc");
        Directory.CreateDirectory(data);
        await File.WriteAllTextAsync(Path.Combine(data, "broken.png"), "no picture", TestContext.Current.CancellationToken);
        File.Copy(RepositoryRoot.Path("docs", "images", "demo-report.png"), Path.Combine(data, "good.png"));
        TrainingRecipe recipe = Trainings.Parse(Trainings.AutoencoderRun(1));
        recipe = recipe with { Data = [new() { Name = "discs", Type = DataSourceType.Folder, Folder = Path.Combine(_folder, "data"), MaxUnreadable = 1 }] };
        Warnings warnings = new();

        await Trainings.RunAsync(recipe, Path.Combine(_folder, "one"), progress: warnings);
        warnings.Messages.Where(message => message.Contains("broken.png", StringComparison.Ordinal)).ShouldHaveSingleItem();

        recipe = recipe with { Data = [recipe.Data[0] with { MaxUnreadable = 0 }] };
        (await Should.ThrowAsync<InvalidInputException>(() => Trainings.RunAsync(recipe, Path.Combine(_folder, "none")))).Message.ShouldContain(", and 0 before it; max_unreadable allows 0");
    }

    private static double[] Validations(string output, string run, string metric) =>
    [
        .. from line in File.ReadLines(Path.Combine(output, $"{run}.log.jsonl"))
           let entry = JsonDocument.Parse(line).RootElement
           where entry.GetProperty("event").GetString() == "validate"
           select entry.GetProperty("metrics").GetProperty(metric).GetDouble(),
    ];

    private static byte[] Generate(ModelFolder folder)
    {
        using MedGenPipeline pipeline = MedGenPipeline.Open(folder, CPU, ScalarType.Float32);
        List<byte> bytes = [];
        foreach (MedGen.Sdk.Frames.VideoFrame frame in pipeline.Generate(
            new VideoGenerationRequest { Prompt = "A red disc.", Width = 32, Height = 32, NumFrames = 5, NumInferenceSteps = 2, Seed = 3 }))
        {
            bytes.AddRange(frame.Pixels.Span);
            frame.Dispose();
        }

        return [.. bytes];
    }

    private sealed class StopAt(string kind, int step, CancellationTokenSource stop) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Run == kind && value.Event == "train" && value.Done == step)
            {
                stop.Cancel();
            }
        }
    }

    private sealed class Warnings : IProgress<TrainingProgress>
    {
        public List<string> Messages { get; } = [];

        public void Report(TrainingProgress value)
        {
            if (value.Event == "warning")
            {
                Messages.Add(value.Message!);
            }
        }
    }
}
