using MedGen.Application.Artifacts;
using MedGen.Application.Erasure;
using MedGen.Application.Generation;
using MedGen.Application.Jobs;
using MedGen.Application.Jobs.Requests;
using MedGen.Media.Images;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;

namespace MedGen.Application.Tests;

/// <summary>Clips that begin with a stored picture.</summary>
public sealed class FirstFrameTests
{
    private static GenerateVideo Small { get; } = new() { Prompt = "a secret prompt", Width = 32, Height = 16, NumFrames = 5, NumInferenceSteps = 3 };

    [Fact]
    public async Task GenerateVideo_FromAPicture_GivesItAtItsOwnSizeAndNamesIt()
    {
        await using Platform platform = await Platform.StartAsync();
        Artifact picture = await PictureAsync(platform, 50, 70, patient: "p-1");

        Artifact result = await GenerateAsync(
            platform, Small with { FirstFrameArtifactId = picture.Id, FirstFrameFit = FirstFrameFit.Pad });

        VideoGenerationRequest asked = Generator(platform).Requests.ShouldHaveSingleItem();
        (asked.FirstFrame!.Width, asked.FirstFrame.Height, asked.FirstFrameFit).ShouldBe((50, 70, FirstFrameFit.Pad));
        asked.FirstFrame.Pixels.IsEmpty.ShouldBeTrue("it is given back when the job ends");
        GenerationProvenance made = result.Provenance.ShouldNotBeNull();
        (made.FirstFrameSha256, made.FirstFrameFit, made.SourceSha256, made.Strength).ShouldBe((picture.Sha256, FirstFrameFit.Pad, null, null));
        made.Seal().ShouldBe(made);
        (made with { FirstFrameFit = FirstFrameFit.Crop }).Seal().Id.ShouldNotBe(made.Id);
        result.SignedProvenance.ShouldNotBeNull();
        result.Patient.ShouldBe("p-1");
    }

    [Fact]
    public async Task GenerateVideo_FromAClip_TakesItsFirstFrameAndCrops()
    {
        await using Platform platform = await Platform.StartAsync();
        Artifact clip = await GenerateAsync(platform, Small with { Seed = 200 });
        Generator(platform).Requests.Clear();

        Artifact result = await GenerateAsync(platform, Small with { FirstFrameArtifactId = clip.Id, Seed = 10 });

        VideoGenerationRequest asked = Generator(platform).Requests.ShouldHaveSingleItem();
        (asked.FirstFrame!.Width, asked.FirstFrame.Height, asked.FirstFrame.Index, asked.FirstFrameFit).ShouldBe((32, 16, 0, FirstFrameFit.Crop));
        (result.Provenance!.FirstFrameSha256, result.Provenance.FirstFrameFit).ShouldBe((clip.Sha256, FirstFrameFit.Crop));
    }

    [Fact]
    public async Task GenerateVideo_WithoutAPicture_SaysNothingOfOne()
    {
        await using Platform platform = await Platform.StartAsync();

        GenerationProvenance made = (await GenerateAsync(platform, Small)).Provenance.ShouldNotBeNull();

        (made.FirstFrameSha256, made.FirstFrameFit).ShouldBe((null, null));
        System.Text.Json.JsonSerializer.Serialize(made).ShouldNotContain("FirstFrame");
    }

    [Theory]
    [InlineData(1, 1, "has 1x1 px; allowed: a picture of 16 to 8192 px a side.")]
    [InlineData(64, 15, "has 64x15 px; allowed: a picture of 16 to 8192 px a side.")]
    [InlineData(20_000, 16, "has 20000x16 px; allowed: a picture of 16 to 8192 px a side.")]
    public async Task GenerateVideo_FromAPictureOfThatSize_IsRefused(int width, int height, string said)
    {
        await using Platform platform = await Platform.StartAsync();
        Artifact picture = await PictureAsync(platform, width, height);

        FieldViolation violation = await RefusedAsync(platform, Small with { FirstFrameArtifactId = picture.Id });

        violation.ShouldBe(new FieldViolation("first_frame_artifact_id", said));
    }

    [Fact]
    public async Task GenerateVideo_FromATextFile_IsRefused()
    {
        await using Platform platform = await Platform.StartAsync();
        Artifact text = await platform.UploadAsync("no picture"u8.ToArray(), "notes.txt");

        FieldViolation violation = await RefusedAsync(platform, Small with { FirstFrameArtifactId = text.Id });

        violation.Field.ShouldBe("first_frame_artifact_id");
        violation.Description.ShouldStartWith("notes.txt is not a media file");
        violation.Description.ShouldEndWith("Allowed is a picture of 16 to 8192 px a side, or a clip, whose first frame is taken.");
    }

    [Fact]
    public async Task GenerateVideo_FromAPictureBesideASource_IsRefused()
    {
        await using Platform platform = await Platform.StartAsync();
        Artifact picture = await PictureAsync(platform, 32, 32);

        FieldViolation violation =
            await RefusedAsync(platform, Small with { FirstFrameArtifactId = picture.Id, SourceArtifactId = picture.Id, Strength = 0.5 });

        violation.ShouldBe(new FieldViolation("first_frame_artifact_id", "is given beside source_artifact_id; allowed: one of the two."));
    }

    [Fact]
    public async Task GenerateVideo_AFitWithoutAPicture_IsRefused()
    {
        await using Platform platform = await Platform.StartAsync();

        (await RefusedAsync(platform, Small with { FirstFrameFit = FirstFrameFit.Crop }))
            .ShouldBe(new FieldViolation("first_frame_fit", "is given; allowed: none without first_frame_artifact_id."));
        (await Should.ThrowAsync<InvalidInputException>(() => platform.Send(Small with { FirstFrameFit = (FirstFrameFit)9 }, Platform.Ann)))
            .Violations.ShouldContain(violation => violation.Field == "first_frame_fit");
    }

    [Fact]
    public async Task GenerateVideo_FromAPicture_OfAModelOrPluginThatTakesNone_NamesOneThatDoes()
    {
        await using Platform platform = await Platform.StartAsync();
        Artifact picture = await PictureAsync(platform, 32, 32);
        GenerateVideo message = Small with { FirstFrameArtifactId = picture.Id };
        platform.Model!.Description = platform.Model.Description with { TakesFirstFrame = false };

        FieldViolation ofModel = await RefusedAsync(platform, message);
        Generator(platform).Description = Generator(platform).Description with { TakesFirstFrame = false };
        FieldViolation ofPlugin = await RefusedAsync(platform, message);

        ofModel.ShouldBe(new FieldViolation(
            "first_frame", "is given; 'mini' makes clips from text and from clips alone. A model that takes a picture: Wan2.2-TI2V-5B."));
        ofPlugin.Field.ShouldBe("first_frame");
        ofPlugin.Description.ShouldStartWith("is given; the plugin 'fake' makes clips from text and from clips alone.");
    }

    [Fact]
    public async Task GenerateVideo_FromTextAlone_OfAModelThatNeedsAPicture_SaysSo()
    {
        await using Platform platform = await Platform.StartAsync();
        platform.Model!.Description = platform.Model.Description with { NeedsFirstFrame = true };

        (await RefusedAsync(platform, Small)).ShouldBe(new FieldViolation(
            "first_frame_artifact_id", "is missing; 'mini' makes clips from text and the picture that they begin with."));
        await GenerateAsync(platform, Small with { FirstFrameArtifactId = (await PictureAsync(platform, 32, 32)).Id });
    }

    [Fact]
    public async Task GenerateVideo_FromAPicture_OfAPluginWithAModelOfItsOwn_AsksThatPlugin()
    {
        await using Platform platform = await Platform.StartAsync(withModel: false);
        Generator(platform).Description = new() { Summary = "x", UsesResidentModel = false, Model = "own", IsTrained = true, TakesFirstFrame = true };
        Artifact picture = await PictureAsync(platform, 32, 32);

        (await GenerateAsync(platform, Small with { FirstFrameArtifactId = picture.Id })).Provenance!.FirstFrameSha256.ShouldBe(picture.Sha256);
    }

    // The host was restarted with another model while the job waited.
    [Fact]
    public async Task GenerateVideo_ThatWaitedForAModelThatTakesNoPicture_Fails()
    {
        await using Platform platform = await Platform.StartAsync(options => options.MaxConcurrentJobs = 1);
        Artifact picture = await PictureAsync(platform, 32, 32);
        Generator(platform).Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Job ahead = await platform.Send(Small, Platform.Ann);
        await platform.UntilAsync(ahead.Id, JobState.Running);
        Job waiting = await platform.Send(Small with { FirstFrameArtifactId = picture.Id }, Platform.Ann);

        platform.Model!.Description = platform.Model.Description with { TakesFirstFrame = false };
        Generator(platform).Gate!.SetResult();
        await platform.WatchAsync(waiting.Id);

        JobError error = (await platform.Send(new GetJob { JobId = waiting.Id }, Platform.Ann)).Error.ShouldNotBeNull();
        error.Reason.ShouldBe("INVALID_INPUT");
        error.Message.ShouldContain("first_frame: is given; 'mini' makes clips from text and from clips alone.");
        Generator(platform).Requests.ShouldNotContain(request => request.FirstFrame != null);
    }

    [Fact]
    public async Task GenerateVideo_FromADamagedPicture_IsDataLossAndNoJob()
    {
        await using Platform platform = await Platform.StartAsync();
        Artifact picture = await PictureAsync(platform, 32, 32);
        string stored = Directory.GetFiles(platform.Folder, picture.Sha256, SearchOption.AllDirectories).Single();
        byte[] bytes = await File.ReadAllBytesAsync(stored, Platform.Token);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(stored, bytes, Platform.Token);

        DataLossException error = await Should.ThrowAsync<DataLossException>(
            () => platform.Send(Small with { FirstFrameArtifactId = picture.Id }, Platform.Ann));

        error.Reason.ShouldBe("ARTIFACT_DAMAGED");
        (await platform.Send(new ListJobs(), Platform.Ann)).Jobs.ShouldBeEmpty();
    }

    [Fact]
    public async Task GenerateVideo_WithTheKeyOfAnotherPictureOrFit_IsRefused()
    {
        await using Platform platform = await Platform.StartAsync();
        Artifact[] pictures = [await PictureAsync(platform, 32, 32), await PictureAsync(platform, 32, 48)];
        GenerateVideo message = Small with { FirstFrameArtifactId = pictures[0].Id, IdempotencyKey = "k" };

        Job first = await platform.Send(message, Platform.Ann);

        (await platform.Send(message with { }, Platform.Ann)).Id.ShouldBe(first.Id);
        foreach (GenerateVideo other in new[] { message with { FirstFrameArtifactId = pictures[1].Id }, message with { FirstFrameFit = FirstFrameFit.Pad } })
        {
            (await Should.ThrowAsync<FailedPreconditionException>(() => platform.Send(other, Platform.Ann))).Reason.ShouldBe("IDEMPOTENCY_KEY_REUSED");
        }
    }

    [Fact]
    public async Task EraseArtifacts_OfAPicture_ErasesTheClipThatBeginsWithIt()
    {
        await using Platform platform = await Platform.StartAsync();
        Artifact picture = await PictureAsync(platform, 32, 32);
        Artifact clip = await GenerateAsync(platform, Small with { FirstFrameArtifactId = picture.Id });

        ErasureReceipt receipt = await platform.Send(new EraseArtifacts { ArtifactId = picture.Id }, Platform.Admin);

        receipt.Artifacts.Select(erased => erased.ArtifactId).ShouldBe([picture.Id, clip.Id], ignoreOrder: true);
        receipt.Jobs.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task DeleteArtifact_OfAPictureThatAJobBeginsWith_IsRefusedUntilTheJobEnds()
    {
        await using Platform platform = await Platform.StartAsync();
        Artifact picture = await PictureAsync(platform, 32, 32);
        Generator(platform).Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Job job = await platform.Send(Small with { FirstFrameArtifactId = picture.Id }, Platform.Ann);

        (await Should.ThrowAsync<FailedPreconditionException>(() => platform.Send(new DeleteArtifact { ArtifactId = picture.Id }, Platform.Ann)))
            .Reason.ShouldBe("ARTIFACT_IN_USE");
        Generator(platform).Gate!.SetResult();
        await platform.WatchAsync(job.Id);
        await platform.Send(new DeleteArtifact { ArtifactId = picture.Id }, Platform.Ann);
    }

    private static FakeGenerator Generator(Platform platform) => (FakeGenerator)platform.Catalog.Generator!;

    private static async Task<Artifact> PictureAsync(Platform platform, int width, int height, string? patient = null)
    {
        using VideoFrame frame = VideoFrame.Rent(width, height);
        frame.WritablePixels.Span.Fill(90);
        byte[] png = await FrameImage.EncodePngAsync(frame, "test", Platform.Token);
        return await platform.Send(
            new UploadArtifact
            {
                FileName = "picture.png",
                MediaType = "image/png",
                Patient = patient,
                Chunks = new[] { (ReadOnlyMemory<byte>)png }.ToAsyncEnumerable(),
            },
            Platform.Ann);
    }

    private static async Task<Artifact> GenerateAsync(Platform platform, GenerateVideo message)
    {
        Job job = await platform.Send(message, Platform.Ann);
        List<JobEvent> events = await platform.WatchAsync(job.Id);
        return events.Select(one => one.Payload).OfType<ArtifactProduced>().ShouldHaveSingleItem().Artifact;
    }

    private static async Task<FieldViolation> RefusedAsync(Platform platform, GenerateVideo message)
    {
        InvalidInputException error = await Should.ThrowAsync<InvalidInputException>(() => platform.Send(message, Platform.Ann));
        (await platform.Send(new ListJobs(), Platform.Ann)).Jobs.ShouldBeEmpty();
        return error.Violations.ShouldHaveSingleItem();
    }
}
