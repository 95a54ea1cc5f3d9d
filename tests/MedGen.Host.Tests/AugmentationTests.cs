using MedGen.Client;
using MedGen.Datasets.Reading;
using MedGen.Datasets.Writing;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Tests;

/// <summary>The built plugin, media and storage, over a real connection.</summary>
public sealed class AugmentationTests : IDisposable
{
    private const string Spec = """
        { "clip": { "width": 64, "height": 64, "num_frames": 5 }, "balance": { "add_per_class": 2 },
          "methods": [{ "type": "classic" }, { "type": "phantom", "options": { "kind": "us-lung", "classes": { "healthy": {}, "pneumonia": {} } } }],
          "filters": { "quality": { "enabled": false }, "outliers": { "enabled": false } } }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-augment-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task AugmentDataset_AnimateOfAModelThatTakesNoPicture_IsRefusedBeforeAJob()
    {
        await using RunningHost host = await RunningHost.StartRealAsync(plugin: "medgen.augmentation");

        MedGenRpcException error = await Should.ThrowAsync<MedGenRpcException>(() => host.Client.Augmentation.AugmentAsync(
            new() { DatasetArtifactId = new string('0', 32), SpecJson = """{ "methods": [{ "type": "animate" }] }""" }, RunningHost.Token)
            .ToListAsync(RunningHost.Token).AsTask());

        error.Violations.ShouldHaveSingleItem().Field.ShouldBe("methods[0].options.first_frame");
        error.Message.ShouldContain("A model that takes a picture: Wan2.2-TI2V-5B.");
    }

    [Fact, Long]
    public async Task AugmentDataset_OverTheWire_GivesADataSetOfBothMethods()
    {
        await using RunningHost host = await RunningHost.StartRealAsync(plugin: "medgen.augmentation");
        string tar = Path.Combine(_folder, "lung.tar");
        await DatasetTar.PackAsync(RepositoryRoot.Path("samples", "datasets", "lung"), tar, RunningHost.Token);
        Proto.Artifact data = await host.Client.Artifacts.UploadAsync(tar, cancellationToken: RunningHost.Token);

        List<Proto.JobEvent> answers = [];
        await foreach (Proto.JobEvent answer in host.Client.Augmentation.AugmentAsync(new() { DatasetArtifactId = data.ArtifactId, SpecJson = Spec }, RunningHost.Token))
        {
            answers.Add(answer);
        }

        answers[0].Accepted.Kind.ShouldBe(Proto.JobKind.AugmentDataset);
        answers[^1].State.State.ShouldBe(Proto.JobState.Succeeded);
        Proto.AugmentationSummary summary = answers.Single(answer => answer.AugmentationSummary is not null).AugmentationSummary;
        (summary.Real, summary.Kept).ShouldBe((9, 4));
        Proto.Artifact result = answers.Single(answer => answer.Result is not null).Result;
        result.Synthetic.ShouldBeTrue();
        string back = Path.Combine(_folder, "back.tar");
        await host.Client.Artifacts.DownloadAsync(result.ArtifactId, back, cancellationToken: RunningHost.Token);
        IReadOnlyList<DatasetItem> items = DatasetFolder.Read(await DatasetSource.OpenAsync(back, Path.Combine(_folder, "back"), RunningHost.Token));
        items.Where(item => item.Columns["source"] == "synthetic").Select(item => item.Columns["method"]).Distinct().Order().ShouldBe(["classic", "phantom"]);
    }

    [Fact]
    public async Task AugmentDataset_WithFaults_NamesTheFieldsOrRefusesTheFolder()
    {
        await using RunningHost host = await RunningHost.StartRealAsync(plugin: "medgen.augmentation");
        Proto.DatasetFolders folders = new() { DataFolder = "/data", OutputFolder = "/out" };

        MedGenRpcException wrong = await Refusal(new() { DatasetArtifactId = "x", SpecJson = """{ "methods": [{ "type": "classic", "options": { "magnitude": 3 } }] }""" });
        MedGenRpcException denied = await Refusal(new() { Folders = folders });

        wrong.Violations.ShouldHaveSingleItem().Field.ShouldBe("methods[0].options.magnitude");
        denied.StatusCode.ShouldBe(Grpc.Core.StatusCode.PermissionDenied);

        Task<MedGenRpcException> Refusal(Proto.AugmentDatasetRequest request) => Should.ThrowAsync<MedGenRpcException>(async () =>
        {
            await foreach (Proto.JobEvent _ in host.Client.Augmentation.AugmentAsync(request, RunningHost.Token))
            {
            }
        });
    }
}
