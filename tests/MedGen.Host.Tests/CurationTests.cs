using Grpc.Core;
using MedGen.Client;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Tests;

/// <summary>Data sets out of films, as a job of the host.</summary>
public sealed class CurationTests : IDisposable
{
    private const string Loose = """
        { "min_short_side": 96, "coherence": { "min_similarity": 0.1, "min_seconds": 2 }, "borders": { "action": "keep" }, "text": { "frames": 1 },
          "quality": { "min_brightness": 1, "min_sharpness": 0, "max_blockiness": null, "max_flicker": null } }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-films-").FullName;

    public CurationTests()
    {
        Directory.CreateDirectory(Films);
        foreach (string name in new[] { "lung_ultrasound.mp4", "torso_ct.mp4" })
        {
            File.Copy(RepositoryRoot.Path("samples", "clips", name), Path.Combine(Films, name));
        }
    }

    private string Films => Path.Combine(_folder, "films");

    private string Output => Path.Combine(_folder, "curated");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact, Long]
    public async Task CurateVideos_OfAFolder_GivesADataSetItsFunnelAndProgress()
    {
        await using RunningHost host = await StartAsync();

        List<Proto.JobEvent> events = await CurateAsync(host, Request());

        events[0].Accepted.Kind.ShouldBe(Proto.JobKind.CurateVideos);
        events[^1].State.State.ShouldBe(Proto.JobState.Succeeded);
        Proto.CurationSummary summary = events.Single(one => one.CurationSummary is not null).CurationSummary;
        summary.Films.ShouldBe(2);
        summary.Funnel.Single(step => step.Stage == "readable").After.ShouldBe(2);
        summary.Funnel.Single(step => step.Stage == "medical content").LeftOut.ShouldContain("weights");
        summary.Clips.ShouldBeGreaterThan(0);
        File.ReadAllLines(Path.Combine(Output, "metadata.jsonl")).Length.ShouldBe(summary.Clips);
        int[] done = [.. events.Where(one => one.Progress?.Stage == Proto.JobStage.Curating).Select(one => one.Progress.StepsDone)];
        done.ShouldBe(done.Order().Distinct());
        (await host.Client.Jobs.GetAsync(events[0].Accepted.JobId, RunningHost.Token)).State.ShouldBe(Proto.JobState.Succeeded);

        MedGenRpcException again = await RefusalAsync(host, Request());
        (again.StatusCode, again.Violations.Single().Field).ShouldBe((StatusCode.InvalidArgument, "output_folder"));
        Proto.CurateVideosRequest resume = Request();
        resume.Folders.Mode = Proto.OutputMode.Resume;
        (await CurateAsync(host, resume))[^1].State.State.ShouldBe(Proto.JobState.Succeeded);
    }

    [Fact]
    public async Task CurateVideos_ThatNamesWhatTheHostDoesNot_IsRefusedByNameBeforeAJob()
    {
        await using RunningHost host = await StartAsync();
        Proto.CurateVideosRequest request = Request("""
            { "scorers": [ { "name": "a", "folder": "/etc" } ], "detectors": [ { "name": "b", "folder": "/srv/face" }, { "name": "c", "folder": "/srv/face/../x" } ],
              "captions": { "type": "endpoint", "url": "http://169.254.169.254/latest", "model": "m", "key_variable": "AWS_SECRET_ACCESS_KEY" } }
            """);

        MedGenRpcException refused = await RefusalAsync(host, request);

        refused.Violations.Select(one => one.Field).ShouldBe(["scorers[0].folder", "detectors[1].folder", "captions.url", "captions.key_variable"]);
        refused.Message.ShouldContain("http://127.0.0.1:9/v1");
        refused.Message.ShouldContain("MEDGEN_CAPTION_");
        (await host.Client.Jobs.ListAsync(cancellationToken: RunningHost.Token).ToListAsync(RunningHost.Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task CurateVideos_OutsideTheAllowedFolders_IsDenied()
    {
        await using RunningHost host = await StartAsync();
        Proto.CurateVideosRequest elsewhere = Request();
        elsewhere.Folders.DataFolder = "/usr/share";
        Proto.CurateVideosRequest list = Request();
        list.ListFile = "/etc/passwd";
        Proto.CurateVideosRequest nothing = new();

        (await RefusalAsync(host, elsewhere)).StatusCode.ShouldBe(StatusCode.PermissionDenied);
        (await RefusalAsync(host, list)).Message.ShouldContain("list_file");
        (await RefusalAsync(host, nothing)).Violations.Select(one => one.Field).ShouldBe(["data_folder", "output_folder"]);
        File.CreateSymbolicLink(Path.Combine(Films, "secret.mp4"), RepositoryRoot.Path("samples", "clips", "laparoscopy.mp4"));
        (await RefusalAsync(host, Request())).StatusCode.ShouldBe(StatusCode.PermissionDenied);
        Directory.Exists(Output).ShouldBeFalse();
    }

    [Fact]
    public async Task CurateVideos_IntoTheFilms_IsRefusedByTheFieldsOfTheCall()
    {
        await using RunningHost host = await StartAsync();
        Proto.CurateVideosRequest request = Request();
        request.Folders.OutputFolder = Path.Combine(Films, "out");

        (await RefusalAsync(host, request)).Violations.Single().Field.ShouldBe("output_folder");
    }

    private static async Task<List<Proto.JobEvent>> CurateAsync(RunningHost host, Proto.CurateVideosRequest request) =>
        await host.Client.Curation.CurateAsync(request, RunningHost.Token).ToListAsync(RunningHost.Token);

    private static Task<MedGenRpcException> RefusalAsync(RunningHost host, Proto.CurateVideosRequest request) =>
        Should.ThrowAsync<MedGenRpcException>(() => CurateAsync(host, request));

    private Task<RunningHost> StartAsync() => RunningHost.StartAsync(options => options with
    {
        DatasetFolders = [_folder],
        Curation = new MedGenCuration { Networks = ["/srv/face"], CaptionServices = ["http://127.0.0.1:9/v1"] },
    });

    private Proto.CurateVideosRequest Request(string spec = Loose) =>
        new() { Folders = new() { DataFolder = Films, OutputFolder = Output }, SpecJson = spec };
}
