using System.Net;
using System.Net.Http.Json;
using Grpc.Core;
using MedGen.Client;
using MedGen.Media.Images;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Tests;

/// <summary>Clips that begin with a stored picture, over a real connection.</summary>
public class FirstFrameTests
{
    private static readonly string Clip = Path.Combine(AppContext.BaseDirectory, "laparoscopy.mp4");

    [Fact]
    public async Task Generate_FromAPicture_BeginsWithItAndNamesItInItsProvenance()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        Proto.Artifact picture = await UploadAsync(host, 90, 60, grey: 200);
        Proto.GenerateVideoRequest request = RunningHost.Small();
        (request.FirstFrameArtifactId, request.FirstFrameFit) = (picture.ArtifactId, Proto.FirstFrameFit.Pad);

        Proto.Artifact result = await GenerateAsync(host, request);

        VideoGenerationRequest asked = host.Generator.Requests.ShouldHaveSingleItem();
        (asked.FirstFrame!.Width, asked.FirstFrame.Height, asked.FirstFrameFit).ShouldBe((90, 60, FirstFrameFit.Pad));
        (result.Provenance.FirstFrameSha256, result.Provenance.FirstFrameFit).ShouldBe((picture.Sha256, Proto.FirstFrameFit.Pad));
        Proto.Artifact plain = await GenerateAsync(host, RunningHost.Small());
        (plain.Provenance.FirstFrameSha256, plain.Provenance.FirstFrameFit).ShouldBe(("", Proto.FirstFrameFit.Unspecified));
    }

    [Fact]
    public async Task Generate_FromAPictureThatCannotBe_IsRefusedFieldByField()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        Proto.Artifact picture = await UploadAsync(host, 90, 60);

        await RefusedAsync(r => r.FirstFrameArtifactId = new string('0', 32), StatusCode.NotFound, "");
        await RefusedAsync(r => (r.FirstFrameArtifactId, r.SourceArtifactId) = (picture.ArtifactId, picture.ArtifactId), StatusCode.InvalidArgument, "first_frame_artifact_id");
        await RefusedAsync(r => r.FirstFrameFit = Proto.FirstFrameFit.Crop, StatusCode.InvalidArgument, "first_frame_fit");
        await RefusedAsync(r => (r.FirstFrameArtifactId, r.FirstFrameFit) = (picture.ArtifactId, (Proto.FirstFrameFit)9), StatusCode.InvalidArgument, "first_frame_fit");
        Proto.Artifact tiny = await UploadAsync(host, 1, 1);
        await RefusedAsync(r => r.FirstFrameArtifactId = tiny.ArtifactId, StatusCode.InvalidArgument, "first_frame_artifact_id");
        (await host.Client.Jobs.ListAsync(cancellationToken: RunningHost.Token).ToListAsync(RunningHost.Token)).ShouldBeEmpty();

        async Task RefusedAsync(Action<Proto.GenerateVideoRequest> change, StatusCode code, string field)
        {
            Proto.GenerateVideoRequest request = RunningHost.Small();
            change(request);
            MedGenRpcException error = await Should.ThrowAsync<MedGenRpcException>(() => GenerateAsync(host, request));
            error.StatusCode.ShouldBe(code);
            string.Join(",", error.Violations.Select(violation => violation.Field)).ShouldBe(field);
        }
    }

    [Fact]
    public async Task Generate_OverJson_TakesAPictureAndAFit()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        Proto.Artifact picture = await UploadAsync(host, 90, 60);

        using HttpResponseMessage generated = await host.Http.PostAsJsonAsync(
            "/v1/videos:generate",
            new { prompt = "a heart beats", width = 64, height = 48, numFrames = 5, firstFrameArtifactId = picture.ArtifactId, first_frame_fit = "FIRST_FRAME_FIT_PAD" },
            RunningHost.Token);

        generated.StatusCode.ShouldBe(HttpStatusCode.OK);
        string events = await generated.Content.ReadAsStringAsync(RunningHost.Token);
        events.ShouldContain($"\"firstFrameSha256\":\"{picture.Sha256}\"");
        events.ShouldContain("FIRST_FRAME_FIT_PAD");
        (await host.Http.GetStringAsync("/v1/model", RunningHost.Token)).ShouldContain("GENERATION_MODE_FIRST_FRAME_TO_VIDEO");
    }

    [Fact]
    public async Task Generate_OfAModelThatTakesNoPicture_IsRefusedAndGetModelHadSaidSo()
    {
        await using RunningHost host = await RunningHost.StartRealAsync();
        Proto.Artifact clip = await host.Client.Artifacts.UploadAsync(Clip, cancellationToken: RunningHost.Token);
        Proto.GenerateVideoRequest request = RunningHost.Small();
        request.FirstFrameArtifactId = clip.ArtifactId;

        MedGenRpcException error = await Should.ThrowAsync<MedGenRpcException>(() => GenerateAsync(host, request));

        error.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        RequestViolation violation = error.Violations.ShouldHaveSingleItem();
        violation.Field.ShouldBe("first_frame");
        violation.Description.ShouldContain("makes clips from text and from clips alone. A model that takes a picture: Wan2.2-TI2V-5B.");
        (await host.Client.Models.GetAsync(RunningHost.Token)).Modes.ShouldBe(
            [Proto.GenerationMode.TextToVideo, Proto.GenerationMode.VideoToVideo]);
    }

    [Fact]
    public async Task Generate_OfASizeThatTheModelCannotMake_IsRefusedBeforeAJobExistsAndGetModelHadSaidSo()
    {
        await using RunningHost host = await RunningHost.StartRealAsync(model: Fixtures.Path("goldens22", "ti2v", "pipeline", "models"));
        Proto.GenerationRanges ranges = (await host.Client.Models.GetAsync(RunningHost.Token)).Ranges;
        Proto.GenerateVideoRequest request = RunningHost.Small();
        (request.Width, request.Height) = (ranges.WidthStep + 16, ranges.HeightStep); // every other model makes that

        MedGenRpcException error = await Should.ThrowAsync<MedGenRpcException>(() => GenerateAsync(host, request));

        RequestViolation violation = error.Violations.ShouldHaveSingleItem();
        (violation.Field, ranges.WidthStep, ranges.MaxFrames).ShouldBe(("width", 32, GenerationLimits.MaxFrames));
        violation.Description.ShouldContain($"multiples of {ranges.WidthStep} from {ranges.WidthStep} to {ranges.MaxSide}");
        (await host.Client.Jobs.ListAsync(cancellationToken: RunningHost.Token).ToListAsync(RunningHost.Token)).ShouldBeEmpty();
    }

    // Nothing stood in for: Wan 2.2's TI2V in small, with random weights.
    [Fact, Long]
    public async Task Generate_OfAModelThatTakesPictures_DependsOnThePictureAndItsFit()
    {
        await using RunningHost host = await RunningHost.StartRealAsync(model: Fixtures.Path("goldens22", "ti2v", "pipeline", "models"));
        (await host.Client.Models.GetAsync(RunningHost.Token)).Modes.ShouldBe(
            [Proto.GenerationMode.TextToVideo, Proto.GenerationMode.VideoToVideo, Proto.GenerationMode.FirstFrameToVideo]);
        Proto.Artifact clip = await host.Client.Artifacts.UploadAsync(Clip, cancellationToken: RunningHost.Token);
        Proto.Artifact dark = await UploadAsync(host, 64, 100, grey: 10);
        Proto.GenerateVideoRequest request = RunningHost.Small();
        (request.Width, request.Height) = (64, 64);
        HashSet<string> frames = [];
        foreach ((string picture, Proto.FirstFrameFit fit) in new[]
        {
            ("", Proto.FirstFrameFit.Unspecified), (clip.ArtifactId, Proto.FirstFrameFit.Unspecified), (dark.ArtifactId, Proto.FirstFrameFit.Unspecified),
            (dark.ArtifactId, Proto.FirstFrameFit.Pad), (dark.ArtifactId, Proto.FirstFrameFit.Crop),
        })
        {
            (request.FirstFrameArtifactId, request.FirstFrameFit) = (picture, fit);
            frames.Add(await ResultFrames.HashAsync(host, (await GenerateAsync(host, request)).ArtifactId));
        }

        frames.Count.ShouldBe(4, "the default is to crop");
    }

    private static async Task<Proto.Artifact> UploadAsync(RunningHost host, int width, int height, byte grey = 90)
    {
        using VideoFrame frame = VideoFrame.Rent(width, height);
        frame.WritablePixels.Span.Fill(grey);
        string file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.png");
        await File.WriteAllBytesAsync(file, await FrameImage.EncodePngAsync(frame, null, RunningHost.Token), RunningHost.Token);
        try
        {
            return await host.Client.Artifacts.UploadAsync(file, cancellationToken: RunningHost.Token);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<Proto.Artifact> GenerateAsync(RunningHost host, Proto.GenerateVideoRequest request)
    {
        Proto.Artifact? result = null;
        await foreach (Proto.JobEvent one in host.Client.Generation.GenerateAsync(request, RunningHost.Token))
        {
            result = one.Result ?? result;
        }

        return result.ShouldNotBeNull();
    }
}
