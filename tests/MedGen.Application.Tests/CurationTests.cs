using MedGen.Application.Curation;
using MedGen.Application.Jobs;
using MedGen.Application.Jobs.Requests;
using MedGen.Datasets.Augmentation;
using MedGen.Sdk.Errors;

namespace MedGen.Application.Tests;

/// <summary>Curations as jobs; what a curator does is a fake's.</summary>
public sealed class CurationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-curation-").FullName;

    private CurateVideos Request => new() { DataFolder = Path.Combine(_folder, "films"), OutputFolder = Path.Combine(_folder, "out"), Mode = OutputMode.Overwrite };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task CurateVideos_OfFilms_TellsProgressForwardsAloneAndWhatItCameTo()
    {
        await using Platform platform = await StartAsync();
        platform.Curator.Shares = [0.1, 0.5, 0.3, 0.5, 2];

        Job job = await platform.Send(Request, Platform.Ann);
        List<JobEvent> events = await platform.WatchAsync(job.Id);

        events[^1].Payload.ShouldBeOfType<JobStateChanged>().State.ShouldBe(JobState.Succeeded);
        events.Select(e => e.Payload).OfType<VideosCurated>().ShouldHaveSingleItem().Clips.ShouldBe(3);
        JobProgressed[] progress = [.. events.Select(e => e.Payload).OfType<JobProgressed>()];
        progress.Select(one => one.StepsDone).ShouldBe(progress.Select(one => one.StepsDone).Order().Distinct());
        progress[^1].ShouldBe(new JobProgressed { Stage = JobStage.Curating, StepsDone = 1000, StepsTotal = 1000, TimeLeft = TimeSpan.FromSeconds(9) });
        platform.Curator.Orders.ShouldHaveSingleItem().ShouldBe(
            new CurationOrder(job.Id, Request.DataFolder, null, Request.OutputFolder, OutputMode.Overwrite, ""));
    }

    [Fact]
    public async Task CurateVideos_WhenTheHostStops_GoesOnUnderTheSameIdAfterwards()
    {
        await using Platform platform = await StartAsync();
        platform.Curator.Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        platform.Curator.Shares = [0.25];
        Job job = await platform.Send(Request, Platform.Ann);
        await platform.Curator.Begun.Task.WaitAsync(Platform.Token);

        await platform.StopHostAsync();
        platform.Curator.Gate.SetResult();
        await platform.StartHostAsync();
        List<JobEvent> events = await platform.WatchAsync(job.Id);

        events[^1].Payload.ShouldBeOfType<JobStateChanged>().State.ShouldBe(JobState.Succeeded);
        platform.Curator.Orders.Select(order => order.RunId).ShouldBe([job.Id, job.Id]);
    }

    [Fact]
    public async Task CurateVideos_WithAWrongSpecification_IsRefusedBeforeAJob()
    {
        await using Platform platform = await StartAsync();

        await Should.ThrowAsync<InvalidInputException>(() => platform.Send(Request with { Spec = "wrong" }, Platform.Ann));

        (await platform.Send(new ListJobs(), Platform.Ann)).Jobs.ShouldBeEmpty();
    }

    private Task<Platform> StartAsync()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "films"));
        return Platform.StartAsync(options => options.DatasetFolders.Add(_folder));
    }
}
