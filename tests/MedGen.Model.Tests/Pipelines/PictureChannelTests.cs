using MedGen.Model.Autoencoders;
using MedGen.Model.Checkpoints;
using MedGen.Model.Inspection;
using MedGen.Model.Pictures;
using MedGen.Model.Pipelines;
using MedGen.Model.Tests.Goldens;
using MedGen.Model.Tests.Transformers;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Serving;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Model.Tests.Pipelines;

/// <summary>Image to video as in Wan 2.1: the picture in channels of its own, and as tokens of CLIP.</summary>
public sealed class PictureChannelTests : IDisposable
{
    private const string ImageEncoder = "models_clip_open-clip-xlm-roberta-large-vit-huge-14.safetensors";
    private static readonly string Fixture = Fixtures.Path("goldens22", "i2v21", "pipeline");

    private readonly GoldenTensors _cases = GoldenTensors.Open(Path.Combine(Fixture, "cases.safetensors"));
    private readonly MedGenPipeline _pipeline = MedGenPipeline.Open(ModelFolder.Open(Path.Combine(Fixture, "models")), CPU, ScalarType.Float32);
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-i2v-").FullName;
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly VideoFrame _picture;

    public PictureChannelTests() => _picture = VideoFrame.Wrap(_cases["image"].bytes.ToArray(), 66, 40);

    public void Dispose()
    {
        _scope.Dispose();
        _pipeline.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private VideoGenerationRequest Request => new()
    {
        Prompt = "A patient lies in the scanner while the technician checks the console.",
        NegativePrompt = "blurry, text",
        Width = 48,
        Height = 16,
        NumFrames = 9,
        NumInferenceSteps = 5,
        GuidanceScale = 5,
        Seed = 71,
        FirstFrame = _picture,
        Wan = new WanOptions { Shift = 3 },
    };

    // The fixture's autoencoder is not kept here, so the reference's channels are given.
    [Fact]
    public void Step_WithTheChannelsOfTheReference_EqualsTheReference()
    {
        using Tensor tokens = _pipeline.Pictures!.Tokens(_picture);
        WanTransformerGoldenTests.MaxAbsDiff(tokens, _cases["clip_fea"]).ShouldBeLessThan(1e-4);
        using GenerationSession session = new(_pipeline, Request, new AdapterPlacement(null, null), "")
        {
            GivenCondition = _cases["y"].unsqueeze(0), GivenNoise = _cases["noise"].unsqueeze(0),
        };
        List<double> differences = [];
        while (session.Stage != GenerationStage.Decoding)
        {
            bool denoises = session.Stage == GenerationStage.Denoising;
            session.Step();
            if (denoises)
            {
                differences.Add(WanTransformerGoldenTests.MaxAbsDiff(session.Latents!.squeeze(0), _cases["unipc.latents"][differences.Count]));
            }
        }

        differences.Count.ShouldBe(5);
        differences.Max().ShouldBeLessThan(5e-4);
    }

    [Fact]
    public void Encode_OfAPicture_MarksTheFirstLatentFrameAndEncodesTheWholeClip()
    {
        using Tensor picture = ConditionPicture.Fit(_picture, 48, 16, FirstFrameFit.Crop); // [1, 3, 1, 16, 48]
        using Tensor condition = ConditionPicture.Encode(_pipeline.Autoencoder, picture, 9);
        using Tensor clip = cat([picture, zeros([1, 3, 8, 16, 48])], 2);
        using Tensor latents = _pipeline.Autoencoder.Encode(clip);

        condition.shape.ShouldBe([1, 20, 3, 2, 6]);
        condition[0, 0..4, 0].eq(1).all().item<bool>().ShouldBeTrue();
        condition[0, 0..4, 1..].eq(0).all().item<bool>().ShouldBeTrue();
        condition[0, 4..].eq(latents[0]).all().item<bool>().ShouldBeTrue();
    }

    [Theory]
    [InlineData(FirstFrameFit.Crop, 64, 32)]
    [InlineData(FirstFrameFit.Pad, 64, 32)]
    [InlineData(FirstFrameFit.Crop, 16, 64)]
    [InlineData(FirstFrameFit.Pad, 16, 64)]
    public void Fit_OfACircle_KeepsItRound(FirstFrameFit fit, int width, int height)
    {
        byte[] pixels = new byte[80 * 80 * 3];
        for (int i = 0; i < 80 * 80; i++)
        {
            bool isInside = Math.Pow((i % 80) - 39.5, 2) + Math.Pow((i / 80) - 39.5, 2) < 100; // a radius of 10 px
            pixels.AsSpan(i * 3, 3).Fill(isInside ? (byte)255 : (byte)128);
        }

        using Tensor fitted = ConditionPicture.Fit(VideoFrame.Wrap(pixels, 80, 80), width, height, fit);
        using Tensor bright = fitted[0, 0, 0] > 0.5f; // [height, width]
        double scale = (fit == FirstFrameFit.Crop ? Math.Max(width, height) : Math.Min(width, height)) / 80.0;

        ((double)bright.any(0).sum().item<long>()).ShouldBe(20 * scale, 2);
        ((double)bright.any(1).sum().item<long>()).ShouldBe(20 * scale, 2);
        (fitted[0, 0, 0, 0, 0].item<float>() < -0.9f).ShouldBe(fit == FirstFrameFit.Pad);
    }

    [Fact]
    public void Start_AtEachCheckpoint_GivesTheFramesOfTheWholeRun()
    {
        VideoGenerationRequest request = Request with { NumInferenceSteps = 3, Service = new ServiceTerms { CheckpointInterval = 1 } };
        SessionRun whole = SessionRun.Of(_pipeline, request);
        whole.Checkpoints.Count.ShouldBe(3);
        foreach (GenerationCheckpoint checkpoint in whole.Checkpoints)
        {
            SessionRun rest = SessionRun.Of(_pipeline, request with { Service = request.Service with { Checkpoint = checkpoint } });
            rest.Pixels.ShouldBe(whole.Pixels, $"from step {checkpoint.Step}");
        }
    }

    [Fact]
    public void Check_OfOtherSources_NamesWhatIsNeeded()
    {
        VideoFrame frame = VideoFrame.Wrap(new byte[48 * 16 * 3], 48, 16);

        _pipeline.Description.NeedsFirstFrame.ShouldBeTrue();
        Should.Throw<InvalidInputException>(() => _pipeline.Check(Request with { FirstFrame = null }))
            .Violations.ShouldHaveSingleItem().Field.ShouldBe("first_frame");
        Should.Throw<InvalidInputException>(() => _pipeline.Check(Request with { FirstFrame = null, SourceFrames = [.. Enumerable.Repeat(frame, 9)] }))
            .Violations.ShouldHaveSingleItem().Field.ShouldBe("first_frame");
        Should.Throw<InvalidInputException>(() => _pipeline.ExtractFeatures([.. Enumerable.Repeat(frame, 9)], "block.0", 0))
            .Violations.ShouldHaveSingleItem().Field.ShouldBe("layer");
    }

    [Fact]
    public void Open_WithoutItsImageEncoder_NamesTheFileToGet()
    {
        foreach (string path in Directory.EnumerateFileSystemEntries(Path.Combine(Fixture, "models")))
        {
            if (Path.GetFileName(path) != ImageEncoder)
            {
                File.CreateSymbolicLink(Path.Combine(_folder, Path.GetFileName(path)), path);
            }
        }

        Should.Throw<ModelFormatException>(() => MedGenPipeline.Open(ModelFolder.Open(_folder), CPU, ScalarType.Float32))
            .Message.ShouldContain("models_clip_open-clip-xlm-roberta-large-vit-huge-14");
        ModelInspector.Inspect(_folder, 48, 16, 9, "float32").Missing.ShouldHaveSingleItem().ShouldContain("no image encoder");
    }

    [Fact]
    public void Inspect_OfTheFolderAndOfTheImageEncoder_SaysWhatIsUsed()
    {
        ModelReport folder = ModelInspector.Inspect(Path.Combine(Fixture, "models"), 48, 16, 9, "float32");
        FileReport file = FileInspector.Inspect(Path.Combine(Fixture, "models", ImageEncoder));

        folder.Missing.ShouldBeEmpty();
        folder.Parts.Select(part => part.Part).ShouldBe(["transformer", "autoencoder", "text encoder", "image encoder"]);
        folder.Parts[0].Dimensions["image_dim"].ShouldBe("40");
        (file.Part, file.Problems.Count).ShouldBe((WeightPart.ImageEncoder, 0));
        file.Unused.ShouldContain("textual.* (1 weights)");
        file.Unused.ShouldContain("visual.head");
    }
}
