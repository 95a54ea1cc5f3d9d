using System.Text.Json;

namespace MedGen.Cli.Tests;

public sealed class AugmentTests : IDisposable
{
    private static readonly string Lung = RepositoryRoot.Path("samples", "datasets", "lung");
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-cli-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact, Long]
    public async Task Augment_OfTheSampleSet_MakesWhatWasAskedForAndAsksBeforeItGoesOn()
    {
        string output = Path.Combine(_folder, "aug");
        string spec = Path.Combine(_folder, "spec.json");
        await File.WriteAllTextAsync(spec, """{ "clip": { "width": 32, "height": 32, "num_frames": 5 } }""", TestContext.Current.CancellationToken);
        string[] command = ["augment", "--data", Lung, "--out", output, "--spec", spec, "--per-class", "4", "--json"];

        (int exitCode, string lines, _) = await MedGenCommand.RunAsync(command);
        (int again, _, string error) = await MedGenCommand.RunAsync(command);
        (int resumed, _, _) = await MedGenCommand.RunAsync([.. command, "--resume"]);

        JsonElement answer = JsonDocument.Parse(lines.Trim().Split('\n')[^1]).RootElement;
        (exitCode, again, resumed).ShouldBe((0, 3, 0));
        answer.GetProperty("classes").EnumerateArray().ShouldAllBe(one => one.GetProperty("realTraining").GetInt32() + one.GetProperty("kept").GetInt32() == 4);
        error.ShouldContain("--resume goes on with the augmentation in it, --overwrite replaces it");
        Directory.EnumerateFiles(Path.Combine(output, "train", "synthetic"), "*.mp4", SearchOption.AllDirectories).Count().ShouldBe(answer.GetProperty("kept").GetInt32());
    }

    [Fact]
    [Long]
    public async Task Augment_Adapted_TrainsAnAdapterHereAndIsRefusedByAHostThatServes()
    {
        string spec = await WriteAdaptedSpecAsync();

        (_, string first, string error) = await MedGenCommand.RunAsync("augment", "--data", Lung, "--spec", spec, "--out", Path.Combine(_folder, "one"), "--json");
        await using ServeProcess serving = await ServeProcess.StartAsync(Path.Combine(_folder, "data"));
        (int refused, _, string refusal) = await MedGenCommand.RunAsync(
            "augment", "--data", Lung, "--spec", spec, "--out", Path.Combine(_folder, "three"), "--host", $"{serving.Grpc}");

        first.ShouldContain("\"stage\":\"training\",\"stepsDone\":3,\"stepsTotal\":3", customMessage: error);
        Hashes("one").ShouldNotBeEmpty();
        refused.ShouldBe(3);
        refusal.ShouldContain("methods[0].type");
        refusal.ShouldContain("without --host");
    }

    [Fact]
    [Long]
    public async Task Augment_Adapted_Twice_TrainsTheSameAdapterAndMakesTheSameFrames()
    {
        string spec = await WriteAdaptedSpecAsync();

        await MedGenCommand.RunProcessAsync("augment", "--data", Lung, "--spec", spec, "--out", Path.Combine(_folder, "one"), "--json");
        await MedGenCommand.RunProcessAsync("augment", "--data", Lung, "--spec", spec, "--out", Path.Combine(_folder, "two"), "--json");

        Hashes("one").ShouldNotBeEmpty();
        Hashes("two").ShouldBe(Hashes("one"));
    }

    [Fact]
    public async Task Augment_OfClassFoldersWithoutPatients_AsksForGroups()
    {
        foreach (string name in new[] { "healthy", "pneumonia" })
        {
            Directory.CreateDirectory(Path.Combine(_folder, "data", name));
            File.Copy(Path.Combine(Lung, "clips", $"{name}-1.mp4"), Path.Combine(_folder, "data", name, "1.mp4"));
        }

        (int exitCode, _, string error) = await MedGenCommand.RunAsync("augment", "--data", Path.Combine(_folder, "data"), "--out", Path.Combine(_folder, "out"));

        exitCode.ShouldBe(3);
        error.ShouldContain("--group-column, or say by --no-groups");
        Directory.Exists(Path.Combine(_folder, "out")).ShouldBeFalse();
    }

    [Fact]
    [Long]
    public Task Study_OfTheSampleSet_SaysThatNothingCanBeSaid() => SaysThatNothingCanBeSaidAsync(isTar: false);

    [Fact]
    [Long]
    public Task Study_OfTheSampleSetInATar_SaysThatNothingCanBeSaid() => SaysThatNothingCanBeSaidAsync(isTar: true);

    private async Task SaysThatNothingCanBeSaidAsync(bool isTar)
    {
        string data = isTar ? Path.Combine(_folder, "lung.tar") : Lung;
        if (isTar)
        {
            await MedGen.Datasets.Writing.DatasetTar.PackAsync(Lung, data, TestContext.Current.CancellationToken);
        }

        string spec = Path.Combine(_folder, "study.json");
        await File.WriteAllTextAsync(
            spec,
            """
            { "name": "Nine clips", "clip": { "width": 32, "height": 32, "num_frames": 5 }, "pools": { "classic": { "balance": { "ratio": 1 } } },
              "arms": [{ "name": "real" }, { "name": "classic", "pools": { "classic": 1 } }], "fractions": [1], "resamples": 200, "steps": 50 }
            """,
            TestContext.Current.CancellationToken);

        (int exitCode, string lines, string error) = await MedGenCommand.RunAsync("study", "--data", data, "--spec", spec, "--out", Path.Combine(_folder, "study"));

        exitCode.ShouldBe(0, error);
        lines.ShouldContain("nothing can be said: a class has 1 test patients, and 20 are needed");
        string page = await File.ReadAllTextAsync(Path.Combine(_folder, "study", "study.html"), TestContext.Current.CancellationToken);
        page.ShouldContain("<svg");
        page.ShouldContain("classic: no clip was generated by a model");
        page.ShouldContain("altered by classic from ");
        File.Exists(Path.Combine(_folder, "study", "bars.png")).ShouldBeTrue();
        File.Exists(Path.Combine(_folder, "study", "samples", "1-1.png")).ShouldBeTrue();
        Directory.Exists(Path.Combine(_folder, "study.data")).ShouldBeFalse();
    }

    private async Task<string> WriteAdaptedSpecAsync()
    {
        string spec = Path.Combine(_folder, "spec.json");
        await File.WriteAllTextAsync(
            spec,
            """
            { "clip": { "width": 32, "height": 32, "num_frames": 5 }, "balance": { "add_per_class": 1 }, "max_attempts": 1,
              "methods": [{ "type": "adapted", "options": { "train_steps": 3, "batch_size": 1, "rank": 2, "steps": 2 } }] }
            """,
            TestContext.Current.CancellationToken);
        return spec;
    }

    // The adapter and the frames of all clips, by their hashes.
    private string[] Hashes(string output) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(_folder, output, "adapters"), "*.json").Select(File.ReadAllText),
        .. File.ReadLines(Path.Combine(_folder, output, "manifest.csv")),
    ];
}
