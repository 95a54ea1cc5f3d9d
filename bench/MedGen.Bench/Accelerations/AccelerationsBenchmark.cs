using System.Globalization;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Models;
using MedGen.Model.Checkpoints;
using MedGen.Model.Pipelines;
using MedGen.Model.Sizing;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace MedGen.Bench.Accelerations;

/// <summary>
/// What each shortcut of a request saves, and how far its frames are from the exact run's, on medgen-mini: means over prompts and seeds. Where other frames come out the exact run is
/// no truth; for scale, the last line compares with another seed.
/// </summary>
internal static class AccelerationsBenchmark
{
    private const int SsimWindow = 7;
    private const string Rounded = "bfloat16";

    private static readonly string[] Prompts =
    [
        "Ultrasound of the abdomen, the probe moves slowly.",
        "Endoscopic view of a tube of pink mucosa, the camera moves forward.",
        "Axial chest CT, scrolling through the lungs.",
    ];

    private static readonly (string Name, Func<VideoGenerationRequest, VideoGenerationRequest> Change)[] Runs =
    [
        ("TeaCache 0.05", request => request with { Wan = request.Wan with { Acceleration = new() { TeaCacheThreshold = 0.05 } } }),
        ("TeaCache 0.15", request => request with { Wan = request.Wan with { Acceleration = new() { TeaCacheThreshold = 0.15 } } }),
        ("TeaCache 0.3", request => request with { Wan = request.Wan with { Acceleration = new() { TeaCacheThreshold = 0.3 } } }),
        ("EasyCache 0.05", request => request with { Wan = request.Wan with { Acceleration = new() { EasyCacheThreshold = 0.05 } } }),
        ("EasyCache 0.2", request => request with { Wan = request.Wan with { Acceleration = new() { EasyCacheThreshold = 0.2 } } }),
        ("guided share 0.5", request => request with { Wan = request.Wan with { Acceleration = new() { GuidedShare = 0.5 } } }),
        ("guided share 0.75", request => request with { Wan = request.Wan with { Acceleration = new() { GuidedShare = 0.75 } } }),
        ("CFG-Zero*", request => request with { Wan = request.Wan with { Acceleration = new() { ZeroStarGuidance = true } } }),
        ("half the steps", request => request with { NumInferenceSteps = request.NumInferenceSteps / 2 }),
        ("a fourth of them", request => request with { NumInferenceSteps = request.NumInferenceSteps / 4 }),
        ("a tenth of them", request => request with { NumInferenceSteps = request.NumInferenceSteps / 10 }),
        (Rounded, request => request),
        ("another seed", request => request with { Seed = request.Seed + 100 }),
    ];

    public static int Run(string folder)
    {
        using IDisposable noGradient = no_grad();
        using MedGenPipeline pipeline = MedGenPipeline.Open(ModelFolder.Open(folder), CPU, ScalarType.Float32);
        using MedGenPipeline rounded = MedGenPipeline.Open(ModelFolder.Open(folder), CPU, ScalarType.BFloat16);
        GenerationDefaults defaults = pipeline.Description.Defaults;
        foreach (int steps in new[] { defaults.NumInferenceSteps, 50 })
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{pipeline.Description.Name}, {defaults.Width}x{defaults.Height}, {defaults.NumFrames} frames, {steps} steps, guidance {defaults.GuidanceScale:0.#}, {Prompts.Length} prompts"));
            Console.WriteLine("shortcut            forwards of   PSNR dB    SSIM   max diff of 255");
            VideoGenerationRequest[] requests = [.. Prompts.Select((prompt, seed) => Request(defaults, prompt, seed, steps))];
            Clip[] exact = Array.ConvertAll(requests, request => Clip.Of(pipeline, request));
            foreach ((string name, Func<VideoGenerationRequest, VideoGenerationRequest> change) in Runs)
            {
                MedGenPipeline used = name == Rounded ? rounded : pipeline;
                Clip[] clips = Array.ConvertAll(requests, request => Clip.Of(used, change(request)));
                Report(name, clips, exact, 2 * steps);
                Array.ForEach(clips, clip => clip.Dispose());
            }

            Array.ForEach(exact, clip => clip.Dispose());
        }

        return 0;
    }

    private static VideoGenerationRequest Request(GenerationDefaults defaults, string prompt, int seed, int steps) => new()
    {
        Prompt = prompt,
        Seed = seed,
        Width = defaults.Width,
        Height = defaults.Height,
        NumFrames = defaults.NumFrames,
        FramesPerSecond = defaults.FramesPerSecond,
        NumInferenceSteps = steps,
        GuidanceScale = defaults.GuidanceScale,
        Wan = new WanOptions { Shift = defaults.Shift },
    };

    private static void Report(string name, Clip[] clips, Clip[] exact, int forwards)
    {
        using DisposeScope scope = NewDisposeScope();
        double[] squares = [.. clips.Zip(exact, (a, b) => (double)(a.Pixels - b.Pixels).square().mean().item<float>())];
        double psnr = squares.Average(square => 10 * Math.Log10(255 * 255 / Math.Max(square, 1e-6)));
        double ssim = clips.Zip(exact, (a, b) => Ssim(a.Pixels, b.Pixels)).Average();
        float most = clips.Zip(exact, (a, b) => (a.Pixels - b.Pixels).abs().max().item<float>()).Max();
        double computed = clips.Average(clip => clip.Forwards);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-18} {computed,6:0.#} of {forwards,-3} {psnr,7:0.0} {ssim,7:0.000} {most,10:0}"));
    }

    // Wang et al. 2004 with an even window, over frames as pictures.
    private static double Ssim(Tensor a, Tensor b)
    {
        static Tensor Mean(Tensor x) => F.avg_pool2d(x, SsimWindow, stride: 1);
        (double c1, double c2) = (Math.Pow(0.01 * 255, 2), Math.Pow(0.03 * 255, 2));
        (Tensor meanA, Tensor meanB) = (Mean(a), Mean(b));
        Tensor spread = Mean(a * a) - (meanA * meanA) + Mean(b * b) - (meanB * meanB);
        Tensor shared = Mean(a * b) - (meanA * meanB);
        Tensor similarity = ((2 * meanA * meanB) + c1) * ((2 * shared) + c2) / (((meanA * meanA) + (meanB * meanB) + c1) * (spread + c2));
        return similarity.mean().item<float>();
    }

    /// <summary>A generated clip.</summary>
    /// <param name="Pixels">[T, 3, H, W], 0 to 255, float32.</param>
    /// <param name="Forwards">Forwards that were computed.</param>
    private sealed record Clip(Tensor Pixels, int Forwards) : IDisposable
    {
        public static Clip Of(MedGenPipeline pipeline, VideoGenerationRequest request)
        {
            using DisposeScope scope = NewDisposeScope();
            using GenerationSession session = pipeline.Start(request);
            List<Tensor> frames = [];
            while (!session.IsCompleted)
            {
                foreach (VideoFrame frame in session.Step().OfType<GeneratedFrames>().SelectMany(update => update.Frames))
                {
                    using (frame)
                    {
                        frames.Add(tensor(frame.Pixels.ToArray()).view(frame.Height, frame.Width, 3).permute(2, 0, 1).to_type(ScalarType.Float32)); // [3, H, W]
                    }
                }
            }

            return new Clip(stack(frames).DetachFromDisposeScope(), session.Acceleration?.Computed ?? request.DenoisingSteps() * request.ForwardsPerStep());
        }

        public void Dispose() => Pixels.Dispose();
    }
}
