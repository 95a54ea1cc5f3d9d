using MedGen.Application.Artifacts;
using MedGen.Application.Augmentation;
using MedGen.Application.Jobs;
using MedGen.Application.Jobs.Requests;
using MedGen.Datasets.Reading;
using MedGen.Datasets.Writing;
using MedGen.Sdk.Errors;

namespace MedGen.Application.Tests;

public sealed class AugmentationTests : IDisposable
{
    private const string Spec = """
        { "clip": { "width": 32, "height": 32, "num_frames": 5 }, "balance": { "add_per_class": 3 }, "filters": { "quality": { "enabled": false }, "outliers": { "enabled": false } } }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-augment-").FullName;

    private static string Sample => RepositoryRoot.Path("samples", "datasets", "lung");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact, Long]
    public async Task AugmentDataset_OfAnUploadedArchive_GivesAnArchiveThatSaysItHoldsSyntheticClips()
    {
        await using Platform platform = await Platform.StartAsync();
        Artifact data = await UploadAsync(platform);

        Job job = await platform.Send(new AugmentDataset { DatasetArtifactId = data.Id, Spec = Spec }, Platform.Ann);
        List<JobEvent> events = await platform.WatchAsync(job.Id);

        events[^1].Payload.ShouldBeOfType<JobStateChanged>().State.ShouldBe(JobState.Succeeded);
        DatasetAugmented summary = events.Select(e => e.Payload).OfType<DatasetAugmented>().ShouldHaveSingleItem();
        (summary.Real, summary.Kept, summary.Classes.Count).ShouldBe((9, 6, 2));
        events.ShouldContain(e => e.Payload is JobPreviewed);
        events.Select(e => e.Payload).OfType<AugmentationAdvanced>().Last().Kept.ShouldBe(6);
        Artifact result = events.Select(e => e.Payload).OfType<ArtifactProduced>().ShouldHaveSingleItem().Artifact;
        (result.Synthetic, result.MediaType).ShouldBe((true, "application/x-tar"));
        string unpacked = await DatasetSource.OpenAsync(await platform.Artifacts.GetVerifiedPathAsync(result, Platform.Token), Path.Combine(_folder, "unpacked"), Platform.Token);
        DatasetFolder.Read(unpacked).Count.ShouldBe(15);
        Directory.EnumerateFileSystemEntries(Path.Combine(platform.Folder, "jobs")).ShouldBeEmpty();
        platform.LogLines.ShouldAllBe(line => !line.Contains("healthy-1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, "PLUGIN_DOES_NOT_ANSWER", "The plugin 'fake' 1.2.3 did not answer within 30 s.")]
    [InlineData(false, "PLUGIN_DOES_NOT_END", "The plugin 'fake' 1.2.3 did not end within 10 s of being told to; it is not waited for any more.")]
    public async Task AugmentDataset_WhoseMethodIsNeverAnswered_IsRefusedNamingThePlugin(bool obeys, string reason, string message)
    {
        await using Platform platform = await Platform.StartAsync();
        FakeAugmenter augmenter = (FakeAugmenter)platform.Catalog.Augmenter!;
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        augmenter.Thinks = token =>
        {
            asked.TrySetResult();
            return Task.Delay(Timeout.Infinite, obeys ? token : CancellationToken.None);
        };

        Task<Job> asking = platform.Send(new AugmentDataset { DatasetArtifactId = (await UploadAsync(platform)).Id, Spec = Spec }, Platform.Ann);
        await asked.Task.WaitAsync(Platform.Token);
        platform.Time.Advance(TimeSpan.FromSeconds(30));

        // Who obeys needs no more time: the grace must not be over before it is seen.
        while (!asking.IsCompleted && !obeys)
        {
            platform.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        MedGenException error = await Should.ThrowAsync<MedGenException>(() => asking);
        (error.Reason, error.Message).ShouldBe((reason, message));
        platform.Catalog.Abandoned.Count.ShouldBe(obeys ? 0 : 1);
    }

    [Fact, Long]
    public async Task AugmentDataset_WhenTheHostStopsInTheMiddle_GoesOnAtTheClipAfterTheLast()
    {
        await using Platform platform = await Platform.StartAsync();
        FakeAugmenter augmenter = (FakeAugmenter)platform.Catalog.Augmenter!;
        (augmenter.Gate, augmenter.FreeClips) = (new TaskCompletionSource(), 3);
        Job job = await platform.Send(new AugmentDataset { DatasetArtifactId = (await UploadAsync(platform)).Id, Spec = Spec }, Platform.Ann);
        string journal = Path.Combine(platform.Artifacts.JobFolder(job.Id), "dataset", "journal.jsonl");
        await platform.UntilAsync(job.Id, p => p is JobPreviewed);

        await platform.StopHostAsync();
        int before = (await File.ReadAllLinesAsync(journal, Platform.Token)).Length;
        int finished = augmenter.Finished.Count;
        augmenter.Gate = null;
        await platform.StartHostAsync();
        List<JobEvent> events = await platform.WatchAsync(job.Id);

        events[^1].Payload.ShouldBeOfType<JobStateChanged>().State.ShouldBe(JobState.Succeeded);
        events.Select(e => e.Payload).OfType<DatasetAugmented>().ShouldHaveSingleItem().Kept.ShouldBe(6);
        (augmenter.Finished.Count - finished).ShouldBe(6 - before);
    }

    [Fact]
    public async Task AugmentDataset_OfFolders_NeedsTheHostToAllowThem()
    {
        await using Platform closed = await Platform.StartAsync();
        await using Platform open = await Platform.StartAsync(options => options.DatasetFolders.Add(_folder));
        AugmentDataset message = new() { DataFolder = Path.Combine(_folder, "data"), OutputFolder = Path.Combine(_folder, "out"), Spec = Spec };

        (await Should.ThrowAsync<AccessDeniedException>(() => closed.Send(message, Platform.Ann))).Message.ShouldContain("allows no folders");
        (await Should.ThrowAsync<AccessDeniedException>(() => open.Send(message with { DataFolder = Path.Combine(_folder, "..", "other") }, Platform.Ann))).Message.ShouldContain("none of those");
        (await Should.ThrowAsync<AccessDeniedException>(() => open.Send(message with { OutputFolder = _folder + "-beside" }, Platform.Ann))).Message.ShouldContain("none of those");
        await Should.ThrowAsync<AccessDeniedException>(() => open.Send(message, Platform.Reader));
    }

    [Fact]
    public async Task AugmentDataset_OfFoldersThatAreLinksOut_IsRefusedWithTheField()
    {
        string allowed = Path.Combine(_folder, "allowed");
        Directory.CreateDirectory(allowed);
        await using Platform platform = await Platform.StartAsync(options => options.DatasetFolders.Add(allowed));
        await using Platform following = await Platform.StartAsync(options =>
        {
            options.DatasetFolders.Add(allowed);
            options.FollowDatasetLinks = true;
        });
        File.CreateSymbolicLink(Path.Combine(allowed, "link"), Sample);
        File.CreateSymbolicLink(Path.Combine(allowed, "away"), _folder);
        AugmentDataset data = new() { DataFolder = Path.Combine(allowed, "link"), OutputFolder = Path.Combine(allowed, "out"), Spec = Spec };
        AugmentDataset output = new() { DataFolder = Path.Combine(allowed, "data"), OutputFolder = Path.Combine(allowed, "away", "out"), Spec = Spec };

        (await Should.ThrowAsync<AccessDeniedException>(() => platform.Send(data, Platform.Ann))).Message.ShouldStartWith("data_folder: 'link' leads by a link out");
        (await Should.ThrowAsync<AccessDeniedException>(() => platform.Send(output, Platform.Ann))).Message.ShouldStartWith("output_folder: 'out' leads by a link out");

        (await following.Send(data, Platform.Ann)).State.ShouldBe(JobState.Queued);
    }

    [Theory]
    [InlineData("""{ "sead": 1 }""", "sead")]
    [InlineData("""{ "methods": [{ "type": "classic", "options": { "wrong": 1 } }] }""", "methods[0].options.wrong")]
    [InlineData("""{ "methods": [{ "type": "magic" }] }""", "methods[0].type")]
    [InlineData("""{ "methods": [{ "type": "classic" }, { "type": "adapted" }] }""", "methods[1].type")]
    [InlineData("""{ "methods": [{ "type": "prompted", "options": { "adapter": "missing" } }] }""", "methods[0].options.adapter")]
    [InlineData("""{ "methods": [{ "type": "prompted", "options": { "adapter": "foreign" } }] }""", "methods[0].options.adapter")]
    public async Task AugmentDataset_WithAWrongSpec_IsRefusedBeforeThereIsAJob(string spec, string field)
    {
        await using Platform platform = await Platform.StartAsync();

        InvalidInputException error = await Should.ThrowAsync<InvalidInputException>(() => platform.Send(new AugmentDataset { DatasetArtifactId = "x", Spec = spec }, Platform.Ann));

        error.Violations.ShouldHaveSingleItem().Field.ShouldBe(field);
    }

    [Theory]
    [InlineData("""{ "radius": 9 }""", "methods[0].options.radius: got 9; allowed: 0.5 to 8.")]
    [InlineData("""{ "radius": "wide" }""", "methods[0].options.radius: got 'wide'; allowed: number.")]
    [InlineData("""{ "raduis": 1 }""", "methods[0].options.raduis: is not known; allowed: radius, frames.")]
    [InlineData("""{ "frames": [] }""", "methods[0].options.frames: has 0 entries; allowed: 1 or more.")]
    public async Task AugmentDataset_WithOptionsThatBreakTheMethodsSchema_IsRefusedBeforeThePluginIsAsked(string options, string expected)
    {
        await using Platform platform = await Platform.StartAsync();
        FakeAugmenter augmenter = (FakeAugmenter)platform.Catalog.Augmenter!;
        augmenter.Thinks = _ => throw new InvalidOperationException("The plugin was asked.");

        (await Should.ThrowAsync<InvalidInputException>(() => platform.Send(Blurred("x", options), Platform.Ann))).Message.ShouldBe(expected);
    }

    [Fact]
    public async Task AugmentDataset_WhoseMethodHasOtherOptionsWhenItRuns_FailsByName()
    {
        await using Platform platform = await Platform.StartAsync();
        FakeAugmenter augmenter = (FakeAugmenter)platform.Catalog.Augmenter!;
        string good = augmenter.BlurSchema();
        int asked = 0;
        augmenter.BlurSchema = () => asked++ == 0 ? good : Sdk.Parameters.ParameterSchema.None;

        Job job = await platform.Send(Blurred((await UploadAsync(platform)).Id, """{ "radius": 2 }"""), Platform.Ann);
        JobStateChanged last = (await platform.WatchAsync(job.Id))[^1].Payload.ShouldBeOfType<JobStateChanged>();

        last.State.ShouldBe(JobState.Failed);
        last.Error.ShouldNotBeNull().Message.ShouldBe("methods[0].options.radius: is not known; allowed: none.");
    }

    private static AugmentDataset Blurred(string data, string options) =>
        new() { DatasetArtifactId = data, Spec = $$"""{ "methods": [{ "type": "blurred", "options": {{options}} }] }""" };

    [Fact]
    public async Task AugmentDataset_WithAnAdapterOfAnotherModel_NamesWhatDoesNotFit()
    {
        await using Platform platform = await Platform.StartAsync();
        AugmentDataset foreign = new() { DatasetArtifactId = "x", Spec = """{ "methods": [{ "type": "prompted", "options": { "adapter": "foreign" } }] }""" };

        (await Should.ThrowAsync<InvalidInputException>(() => platform.Send(foreign, Platform.Ann))).Message
            .ShouldContain("got 'foreign'. blocks.30.ffn.0: the transformer has no such module.");
    }

    [Theory, Long]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AugmentDataset_ThatIsCancelledOrFails_LeavesNothingOfTheUploadBehind(bool isCancelled)
    {
        await using Platform platform = await Platform.StartAsync();
        FakeAugmenter augmenter = (FakeAugmenter)platform.Catalog.Augmenter!;
        (augmenter.Gate, augmenter.FreeClips) = (new TaskCompletionSource(), 3);
        Job job = await platform.Send(new AugmentDataset { DatasetArtifactId = (await UploadAsync(platform)).Id, Spec = Spec }, Platform.Ann);
        await platform.UntilAsync(job.Id, p => p is JobPreviewed);
        string jobs = Path.Combine(platform.Folder, "jobs");
        int during = Directory.EnumerateFileSystemEntries(jobs).Count();

        if (isCancelled)
        {
            await platform.Send(new CancelJob { JobId = job.Id }, Platform.Ann);
        }
        else
        {
            augmenter.Gate.SetException(new InvalidOperationException("broken"));
        }

        List<JobEvent> events = await platform.WatchAsync(job.Id);

        during.ShouldBe(1);
        events[^1].Payload.ShouldBeOfType<JobStateChanged>().State.ShouldBe(isCancelled ? JobState.Cancelled : JobState.Failed);
        Directory.EnumerateFileSystemEntries(jobs).ShouldBeEmpty();
    }

    [Fact]
    public async Task AugmentDataset_OfAFileThatIsNoArchive_NamesItAsItWasUploaded()
    {
        await using Platform platform = await Platform.StartAsync();
        Artifact data = await platform.UploadAsync([.. Enumerable.Repeat((byte)'x', 2000)], "wards.tar");

        Job job = await platform.Send(new AugmentDataset { DatasetArtifactId = data.Id, Spec = Spec }, Platform.Ann);

        JobError error = (await platform.WatchAsync(job.Id))[^1].Payload.ShouldBeOfType<JobStateChanged>().Error.ShouldNotBeNull();
        error.Message.ShouldContain("wards.tar is no tar file");
        error.Message.ShouldNotContain(data.Sha256);
    }

    [Fact]
    public async Task AugmentDataset_WithoutWhatItNeeds_SaysWhat()
    {
        await using Platform platform = await Platform.StartAsync(withModel: false);
        AugmentDataset both = new() { DatasetArtifactId = "x", DataFolder = "relative", Mode = Datasets.Augmentation.OutputMode.Resume };
        AugmentDataset generated = new() { DatasetArtifactId = "x", Spec = """{ "methods": [{ "type": "prompted" }] }""" };

        (await Should.ThrowAsync<InvalidInputException>(() => platform.Send(both, Platform.Ann))).Violations.Select(v => v.Field)
            .ShouldBe(["data_folder", "dataset_artifact_id", "output_folder", "mode"]);
        (await Should.ThrowAsync<FailedPreconditionException>(() => platform.Send(generated, Platform.Ann))).Reason.ShouldBe("MODEL_NOT_LOADED");
    }

    private async Task<Artifact> UploadAsync(Platform platform)
    {
        string tar = Path.Combine(_folder, "lung.tar");
        await DatasetTar.PackAsync(Sample, tar, Platform.Token);
        return await platform.UploadAsync(await File.ReadAllBytesAsync(tar, Platform.Token), "lung.tar");
    }
}
