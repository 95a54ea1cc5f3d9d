using MedGen.Sdk.Frames;
using MedGen.Datasets.Clips;
using MedGen.Model.Checkpoints;
using MedGen.Model.Pipelines;
using MedGen.Evaluation.Metrics;
using MedGen.Classifiers.Networks;
using MedGen.Evaluation.Generation;
using MedGen.Training.Running;
using static TorchSharp.torch;

namespace MedGen.Evaluation.Tests.Generation;

/// <summary>The weights that are shipped: there, small, and showing what they are asked for.</summary>
[Collection("torch")]
public sealed class MedGenMiniTests
{
    private const long MaxBytes = 40_000_000;
    private static readonly string Folder = RepositoryRoot.Path("models", "medgen-mini");
    private static readonly ClipShape Shape = new() { Width = 128, Height = 128, NumFrames = 17, FramesPerSecond = 8 };

    [Fact]
    public void Folder_IsWholeAndSmallAndSaysWhatAGenerationTakes()
    {
        ModelFolder model = ModelFolder.Open(Folder);

        model.Files.Missing.ShouldBeEmpty();
        model.IsTrained.ShouldBeTrue();
        (model.Defaults.Width, model.Defaults.Height, model.Defaults.NumFrames, model.Defaults.FramesPerSecond).ShouldBe((Shape.Width, Shape.Height, Shape.NumFrames, 8));
        new DirectoryInfo(Folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length).ShouldBeLessThan(MaxBytes);
    }

    [Fact]
    public void Generate_FromAPrompt_ShowsItsModalityAndMoves() => ShowsItsModalityAndMoves("A lung ultrasound with B-lines.", "US");

    [Theory]
    [Long]
    [InlineData("A radiograph of the chest.", "DX")]
    [InlineData("MR imaging of the brain, axial slices.", "MR")]
    public void Generate_FromOtherPrompts_ShowsTheirModalityAndMoves(string prompt, string modality) => ShowsItsModalityAndMoves(prompt, modality);

    private static void ShowsItsModalityAndMoves(string prompt, string modality)
    {
        using MedGenPipeline pipeline = MedGenPipeline.Open(ModelFolder.Open(Folder), CPU, ScalarType.Float32);
        using FrameClassifier judge = FrameClassifier.Load(RepositoryRoot.Path("models", "modality-judge", "modality.safetensors"), CPU);
        ClipScoring scoring = new(judge, Shape);

        byte[] clip = GeneratedClip.Make(pipeline, prompt, seed: 7, Shape, new() { Steps = 20, GuidanceScale = 3, Shift = 2 });

        FrameVerdict verdict = scoring.Classify(clip);
        verdict.Abstained.ShouldBeFalse();
        scoring.Labels[verdict.Best].ShouldBe(modality);
        MotionStatistics.Of([clip], Shape.FrameBytes).FrozenShare.ShouldBe(0);
    }
}
