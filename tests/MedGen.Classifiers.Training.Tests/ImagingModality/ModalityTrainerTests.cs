using MedGen.Datasets.Reading;
using MedGen.Sdk.Errors;
using MedGen.Classifiers.Modality;
using MedGen.Classifiers.Training.ImagingModality;
using TorchSharp;

namespace MedGen.Classifiers.Training.Tests.ImagingModality;

[Collection("torch")] // torch counts tensors and draws random numbers for the whole process
public sealed class ModalityTrainerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-training-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task RunAsync_TwoLabelsOfTwoGroups_WritesWeightsAndEvaluation()
    {
        ModalityEvaluation? evaluation = await Train(Options("out"));

        evaluation.ShouldNotBeNull();
        evaluation.Labels.ShouldBe(["DX", "OP"]);
        evaluation.LeftOut.ShouldBe(["GM"]);
        evaluation.Confusion.Sum(row => row.Sum()).ShouldBe(4);
        File.ReadAllText(Path.Combine(_folder, "out", "EVALUATION.md")).ShouldContain("Balanced accuracy");
        using ModalityNetwork network = ModalityNetwork.Load(Path.Combine(_folder, "out", ModalityTrainer.WeightsFileName), torch.CPU);
        network.Metadata.Labels.ShouldBe(["DX", "OP"]);
        Directory.EnumerateFiles(Path.Combine(_folder, "out")).ShouldNotContain(f => f.EndsWith(".part") || f.EndsWith(".tmp"));
    }

    [Fact, Long]
    public async Task RunAsync_SameSeed_GivesTheSameWeights()
    {
        await Train(Options("a") with { Folds = 0 });
        await Train(Options("b") with { Folds = 0 });

        byte[] first = File.ReadAllBytes(Path.Combine(_folder, "a", ModalityTrainer.WeightsFileName));
        first.ShouldBe(File.ReadAllBytes(Path.Combine(_folder, "b", ModalityTrainer.WeightsFileName)));
    }

    [Fact]
    public async Task RunAsync_TooFewGroups_SaysHowManyAreNeeded() =>
        (await Should.ThrowAsync<InvalidInputException>(() => Train(Options("out") with { MinGroups = 3 }))).Message.ShouldContain("at least 2 are needed");

    [Fact, Long]
    public async Task RunAsync_FolderWithATraining_AsksForResume()
    {
        await Train(Options("out"));

        (await Should.ThrowAsync<FailedPreconditionException>(() => Train(Options("out")))).Message.ShouldContain("--resume");
        string kept = Path.Combine(_folder, "out", "features", "00000.safetensors");
        DateTime written = File.GetLastWriteTimeUtc(kept);
        await Train(Options("out") with { Resume = true });
        File.GetLastWriteTimeUtc(kept).ShouldBe(written);
    }

    [Fact, Long]
    public async Task RunAsync_LicenceThatIsNotPermissive_IsEvaluatedOnOnly()
    {
        (await Should.ThrowAsync<InvalidInputException>(() => Train(Options("out"), licence: "GPL-3.0"))).Message.ShouldContain("may be trained on");

        ModalityEvaluation? evaluation = await Train(Options("all") with { TrainOnEveryLicence = true }, licence: "GPL-3.0");
        evaluation.ShouldNotBeNull().Clips.ShouldBe(new ModalityEvaluation.ClipCounts(Trained: 5, EvaluatedOnly: 0));
    }

    [Fact]
    public async Task RunAsync_OneFold_IsRefused() =>
        (await Should.ThrowAsync<InvalidInputException>(() => Train(Options("out") with { Folds = 1 }))).Message.ShouldContain("folds: got 1; allowed: 0 (no cross-validation) and 2 to 20.");

    [Fact, Long]
    public async Task RunAsync_DamagedFile_IsSkippedUpToTheLimit()
    {
        ModalityEvaluation? evaluation = await Train(Options("out"), damaged: "broken.png");

        evaluation.ShouldNotBeNull().PassedOver.ShouldHaveSingleItem().File.ShouldBe("broken.png");
        File.ReadAllText(Path.Combine(_folder, "out", "EVALUATION.md")).ShouldContain("1 files: ");
        File.ReadAllText(Path.Combine(_folder, "out", "log.jsonl")).ShouldContain("broken.png");
        (await Should.ThrowAsync<InvalidInputException>(() => Train(Options("none") with { MaxUnreadable = 0 }, damaged: "broken.png")))
            .Message.ShouldContain("'broken.png' cannot be read");
    }

    private ModalityTrainingOptions Options(string output) => new()
    {
        DataFolders = [_folder],
        BackboneFile = RepositoryRoot.Path("plugins", "ImagingModality", "weights", "modality.safetensors"),
        OutputFolder = Path.Combine(_folder, output),
        DrawnViews = 1,
        DrawnPictures = 2,
        Folds = 2,
        MinGroups = 2,
    };

    private async Task<ModalityEvaluation?> Train(ModalityTrainingOptions options, string? damaged = null, string licence = "CC BY 4.0")
    {
        string[] files = ["DX/chest_nih_00000001.png", "DX/chest_219_b343e657.png", "OP/retina_haggstrom.png", "OP/chasedb1_01l.png", "GM/ihc_colon.png"];
        var lines = new List<string> { "path,modality_code,kind,frames,source,group_id,licence" };
        foreach (string file in files)
        {
            string name = Path.GetFileName(file);
            File.Copy(Fixtures.Path("clips", file), Path.Combine(_folder, name), overwrite: true);
            lines.Add($"{name},{Path.GetDirectoryName(file)},image,1,{name},{name},{licence}");
        }

        if (damaged is not null)
        {
            File.WriteAllText(Path.Combine(_folder, damaged), "no picture");
            lines.Add($"{damaged},DX,image,1,{damaged},{damaged},{licence}");
        }

        File.WriteAllLines(Path.Combine(_folder, ModalityManifest.FileName), lines);
        return await new ModalityTrainer(Readers.Create()).RunAsync(options, null, TestContext.Current.CancellationToken);
    }
}
