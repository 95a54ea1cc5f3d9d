using MedGen.Model.Adapters;
using MedGen.Model.Checkpoints;
using MedGen.Model.Pipelines;
using MedGen.Model.Tests.Goldens;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Models;
using MedGen.Sdk.Serving;
using MedGen.Torch.Safetensors;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Model.Tests.Pipelines;

/// <summary>A small model of Wan 2.2 A14B's form, two experts; that its latents are the reference's, the verification holds.</summary>
public sealed class ExpertTests : IDisposable
{
    private static readonly string Models = Fixtures.Path("goldens22", "a14b", "pipeline", "models");

    private static readonly VideoGenerationRequest Request = new()
    {
        Prompt = "A scrub nurse.",
        Width = 32,
        Height = 32,
        NumFrames = 5,
        NumInferenceSteps = 6,
        GuidanceScale = 4,
        Seed = 3,
        Wan = new WanOptions { LowNoiseGuidanceScale = 3 },
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-experts-").FullName;

    private readonly MedGenPipeline _pipeline = MedGenPipeline.Open(ModelFolder.Open(Models), CPU, ScalarType.Float32);

    public void Dispose()
    {
        _pipeline.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Open_OfTwoExperts_HasTheDefaultsOfTheReleaseAndCountsBoth()
    {
        GenerationDefaults defaults = _pipeline.Description.Defaults;

        (defaults.Shift, defaults.NumInferenceSteps, defaults.GuidanceScale, defaults.LowNoiseGuidanceScale).ShouldBe((12, 40, 4, 3));
        using MedGenPipeline one = Alone("high_noise_model");
        long expert = one.Experts.Stored(0).Parameters.Values.Sum(weight => weight.ElementCount);
        _pipeline.Description.Parameters.ShouldBe(one.Description.Parameters + expert);
        ModelFolder.Open(Models).ComputeHash().ShouldNotBe(ModelFolder.Open(Path.Combine(_folder, "high_noise_model")).ComputeHash());
    }

    [Fact]
    public void Step_BehindTheBoundary_IsTheLowNoiseExpertsWithItsGuidance()
    {
        List<double> scales = [];
        using GenerationSession session = _pipeline.Start(Request);
        while (session.Stage != GenerationStage.Decoding)
        {
            bool denoises = session.Stage == GenerationStage.Denoising;
            session.Step();
            using DisposeScope scope = NewDisposeScope();
            scales.AddRange(denoises ? [session.Guidance.Combine(ones(1), zeros(1)).item<float>()] : []);
        }

        float[] timesteps = [.. session.Scheduler.Timesteps];
        scales.ShouldBe([.. timesteps.Select(timestep => timestep >= 875 ? 4.0 : 3.0)]);
        scales.Distinct().Count().ShouldBe(2);
    }

    [Theory]
    [InlineData(GenerationScheduler.UniPC)]
    [InlineData(GenerationScheduler.DpmPlusPlus)]
    public void Start_AtEachCheckpoint_GivesTheFramesOfTheWholeRun(GenerationScheduler scheduler)
    {
        VideoGenerationRequest request = Request with
        {
            Wan = Request.Wan with { Scheduler = scheduler }, Service = new ServiceTerms { CheckpointInterval = 1 },
        };
        (byte[] whole, IReadOnlyList<GenerationCheckpoint> checkpoints) = Run(request);
        checkpoints.Count.ShouldBe(6);
        foreach (GenerationCheckpoint checkpoint in checkpoints)
        {
            Run(request with { Service = request.Service with { Checkpoint = checkpoint } }).Pixels.ShouldBe(whole, $"from step {checkpoint.Step}");
        }
    }

    [Theory]
    [InlineData(null, 4.0, true)] // as the high-noise expert's
    [InlineData(3.0, 4.0, false)]
    [InlineData(1.0, 1.0, true)] // no guidance at all
    public void Start_WithOrWithoutAScaleForLowNoise_IsWhatTheTwoScalesSay(double? low, double same, bool isSame)
    {
        VideoGenerationRequest request = Request with { GuidanceScale = same, Wan = new WanOptions { LowNoiseGuidanceScale = low } };
        VideoGenerationRequest both = request with { Wan = new WanOptions { LowNoiseGuidanceScale = same } };

        Run(request).Pixels.AsSpan().SequenceEqual(Run(both).Pixels).ShouldBe(isSame);
    }

    [Fact]
    public void Step_WithShortcuts_CarriesNothingOfOneExpertToTheOther()
    {
        WanOptions nothingSkipped = Request.Wan with { Acceleration = new GenerationAcceleration { GuidedShare = 1 } };

        Run(Request with { Wan = nothingSkipped }).Pixels.Zip(Run(Request).Pixels, (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThanOrEqualTo(1);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0.5)] // with a shortcut that remembers what an expert predicted
    public void Step_OfTwoSessionsWithExpertsInTurn_HasOneOnTheDeviceAndGivesTheSameFrames(double? guidedShare)
    {
        GenerationAcceleration? shortcut = guidedShare is { } share ? new GenerationAcceleration { GuidedShare = share } : null;
        VideoGenerationRequest request = Request with { Wan = Request.Wan with { Acceleration = shortcut } };
        byte[] expected = Run(request).Pixels;
        using MedGenPipeline inTurn = MedGenPipeline.Open(ModelFolder.Open(Models), CPU, ScalarType.Float32, null, expertsInTurn: true);
        using GenerationSession early = inTurn.Start(request);
        using GenerationSession late = inTurn.Start(request);
        while (early.Expert == 0)
        {
            early.Step();
        }

        early.Step();
        inTurn.Experts.Placements.ShouldBe(2); // each once
        late.Step();
        late.Step();
        inTurn.Experts.Placements.ShouldBe(3); // back for the session that came later

        SessionRun.Of(early).Pixels.ShouldBe(expected);
        SessionRun.Of(late).Pixels.ShouldBe(expected);
        inTurn.Experts.Placements.ShouldBe(6);
        long expert = inTurn.Experts.Stored(0).WeightBytes;
        (_pipeline.WeightBytes - inTurn.WeightBytes).ShouldBe(expert);
    }

    [Theory]
    [InlineData("style", null, "wan.adapters[0].expert")] // nothing says which of the two
    [InlineData("style_HIGH_low", null, "wan.adapters[0].expert")] // both words say nothing
    [InlineData("style", AdapterExpert.LowNoise, null)]
    [InlineData("style_HIGH_noise", null, null)]
    [InlineData("pair", null, null)]
    [InlineData("pair", AdapterExpert.Both, "wan.adapters[0].expert")] // its keys say it
    public void Start_WithAnAdapter_NeedsToKnowWhichExpertItChanges(string name, AdapterExpert? expert, string? field)
    {
        using LoraAdapter adapter = Adapter(isPair: name == "pair");
        VideoGenerationRequest request = With(new AdapterUse { Name = name, Expert = expert });

        if (field is null)
        {
            _pipeline.Start(request, new SessionAdapter(adapter)).Dispose();
        }
        else
        {
            InvalidInputException refused = Should.Throw<InvalidInputException>(() => _pipeline.Start(request, new SessionAdapter(adapter)));
            refused.Violations.ShouldHaveSingleItem().Field.ShouldBe(field);
        }
    }

    [Fact]
    public void Start_WithAnAdapterOfOneExpertAndTwoStrengths_RefusesTheSecond()
    {
        using LoraAdapter adapter = Adapter();
        VideoGenerationRequest request = With(new AdapterUse { Name = "style_low", LowNoiseStrength = 0.5 });

        Should.Throw<InvalidInputException>(() => _pipeline.Start(request, new SessionAdapter(adapter)))
            .Violations.ShouldHaveSingleItem().Field.ShouldBe("wan.adapters[0].low_noise_strength");
    }

    [Fact]
    public void Step_WithAdapters_ChangesTheExpertThatTheyAreForAtItsStrength()
    {
        using LoraAdapter pair = Adapter(isPair: true);
        using LoraAdapter single = Adapter();
        byte[] plain = Run(Request).Pixels;
        byte[] Of(LoraAdapter adapter, AdapterUse use) => SessionRun.Of(_pipeline, With(use), new SessionAdapter(adapter)).Pixels;

        byte[] both = Of(pair, new AdapterUse { Name = "pair", Strength = 2, LowNoiseStrength = -1 });
        byte[] high = Of(single, new AdapterUse { Name = "one", Strength = 2, Expert = AdapterExpert.HighNoise });
        byte[] low = Of(single, new AdapterUse { Name = "one", Strength = -1, Expert = AdapterExpert.LowNoise });

        new[] { both, high, low }.Select(pixels => Difference(pixels, plain)).ShouldAllBe(difference => difference > 1);
        Difference(Of(pair, new AdapterUse { Name = "pair", Strength = 2, LowNoiseStrength = 0 }), high).ShouldBeLessThanOrEqualTo(1);
        Difference(Of(pair, new AdapterUse { Name = "pair", Strength = 0, LowNoiseStrength = -1 }), low).ShouldBeLessThanOrEqualTo(1);
        AdapterUse withBoth = new() { Name = "one", Strength = 2, LowNoiseStrength = -1, Expert = AdapterExpert.Both };
        Difference(Of(single, withBoth), both).ShouldBeLessThanOrEqualTo(1);
        Difference(Of(pair, new AdapterUse { Name = "pair", Strength = 0 }), plain).ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public void Start_PairOfAdaptersForAModelWithOneTransformer_IsRefused()
    {
        using MedGenPipeline one = Alone("high_noise_model");
        using LoraAdapter pair = Adapter(isPair: true);
        VideoGenerationRequest request = Request with { Wan = new WanOptions { Adapters = [new AdapterUse { Name = "pair", LowNoiseStrength = 1 }] } };

        Should.Throw<InvalidInputException>(() => one.Start(request, new SessionAdapter(pair))).Violations.Select(violation => violation.Field)
            .ShouldBe(["wan.adapters[0].name", "wan.adapters[0].low_noise_strength"]);
    }

    [Fact]
    public void Check_ScaleForLowNoiseOfAModelWithOneTransformer_IsRefused()
    {
        using MedGenPipeline one = Alone("high_noise_model");

        Should.Throw<InvalidInputException>(() => one.Check(Request)).Violations.ShouldHaveSingleItem().Field.ShouldBe("wan.low_noise_guidance_scale");
    }

    [Fact]
    public void Open_LowNoiseExpertWithoutWeights_IsIncomplete()
    {
        Link();
        Directory.Delete(Path.Combine(_folder, "low_noise_model"), recursive: true);
        Directory.CreateDirectory(Path.Combine(_folder, "low_noise_model"));
        File.Copy(Path.Combine(Models, "low_noise_model", "config.json"), Path.Combine(_folder, "low_noise_model", "config.json"));

        Should.Throw<ModelFormatException>(ModelFolder.Open(_folder).ThrowIfIncomplete).Message.ShouldContain("no low-noise expert");
    }

    [Fact]
    public void Open_ExpertsOfOtherDimensions_AreRefused()
    {
        Link();
        foreach (string file in new[] { "config.json", "diffusion_pytorch_model.safetensors" })
        {
            string source = GoldenFolder.Path("transformer", file == "config.json" ? file : "model.safetensors");
            File.Copy(source, Path.Combine(_folder, "low_noise_model", file), overwrite: true);
        }

        Should.Throw<ModelFormatException>(() => MedGenPipeline.Open(ModelFolder.Open(_folder), CPU, ScalarType.Float32)).Message.ShouldContain("other dimensions");
    }

    [Fact]
    public void Open_FineTuneBesideTwoExperts_SaysThatItIsNotKnownWhoseItIs()
    {
        Link();
        File.Copy(Fixtures.Path("goldens22", "lora", "dora_out.safetensors"), Path.Combine(_folder, "style.safetensors"));

        Should.Throw<ModelFormatException>(ModelFolder.Open(_folder).ThrowIfIncomplete).Message.ShouldContain("which of the two experts style.safetensors is for");
    }

    // A model folder of its own with one of the experts.
    private MedGenPipeline Alone(string expert)
    {
        Link();
        string one = Path.Combine(_folder, expert);
        foreach (string path in Directory.EnumerateFileSystemEntries(Models).Where(path => !path.EndsWith("_noise_model", StringComparison.Ordinal)))
        {
            File.CreateSymbolicLink(Path.Combine(one, Path.GetFileName(path)), path);
        }

        return MedGenPipeline.Open(ModelFolder.Open(one), CPU, ScalarType.Float32);
    }

    private void Link()
    {
        foreach (string path in Directory.EnumerateFileSystemEntries(Models))
        {
            string target = Path.Combine(_folder, Path.GetFileName(path));
            if (path.EndsWith("_noise_model", StringComparison.Ordinal))
            {
                Directory.CreateDirectory(target);
                foreach (string file in Directory.EnumerateFiles(path))
                {
                    File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
                }
            }
            else
            {
                File.CreateSymbolicLink(target, path);
            }
        }
    }

    private static int Difference(byte[] a, byte[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max();

    private static VideoGenerationRequest With(AdapterUse use) => Request with { Wan = Request.Wan with { Adapters = [use] } };

    private LoraAdapter Adapter(bool isPair = false)
    {
        string path = Path.Combine(_folder, $"{Guid.NewGuid():N}.safetensors");
        using DisposeScope scope = NewDisposeScope();
        SafetensorsWriter.Write(path, (isPair ? new[] { "transformer.", "transformer_2." } : [""]).SelectMany(expert => new[]
        {
            ($"{expert}blocks.0.self_attn.q.lora_A.weight", ones(2, 48)), ($"{expert}blocks.0.self_attn.q.lora_B.weight", full([48, 2], 0.2f)),
        }).ToDictionary(pair => pair.Item1, pair => pair.Item2));
        using SafetensorsFile file = SafetensorsFile.Open(path);
        return _pipeline.OpenAdapter(file);
    }

    private SessionRun Run(VideoGenerationRequest request) => SessionRun.Of(_pipeline, request);
}
