using System.Diagnostics;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Serving;
using MedGen.Sdk.Models;
using MedGen.Runtime;
using MedGen.Sdk.Torch.Execution;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Bench.Serving;

/// <summary>medgen-mini on a device thread of its own, as a host has it.</summary>
internal sealed class BenchModel : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public BenchModel(Action<MedGenRuntimeOptions>? configure = null) => _services = new ServiceCollection().AddLogging().AddMedGenRuntime(options =>
    {
        options.ModelPath = RepositoryFolder.Path("models", "medgen-mini");
        options.DataType = "float32"; // as the figures in docs/measurements
        options.AdapterFolders.Add(new AdapterFolder(RepositoryFolder.Path("models")));
        options.SessionLimit = 64;
        configure?.Invoke(options);
    }).BuildServiceProvider();

    public IMedGenModel Model => _services.GetRequiredService<IMedGenModel>();

    public IDeviceExecutor Device => _services.GetRequiredService<IDeviceExecutor>();

    /// <summary>What medgen-mini was made for, with few steps.</summary>
    public static VideoGenerationRequest Request(int seed, int steps = 4, string tenant = "") => new()
    {
        Prompt = "Ultrasound: lung ultrasound, convex probe.", Width = 128, Height = 128, NumFrames = 17, NumInferenceSteps = steps, GuidanceScale = 3, Wan = new WanOptions { Shift = 2 },
        Seed = seed, Service = new ServiceTerms { Tenant = tenant },
    };

    /// <summary>The smallest clip.</summary>
    public static VideoGenerationRequest Smallest(int seed, string tenant = "") =>
        Request(seed, steps: 1, tenant) with { Width = 16, Height = 16, NumFrames = 1, GuidanceScale = 1 };

    /// <summary>Generates a clip and throws the frames away.</summary>
    /// <returns>Seconds to the first denoising step that was done, and to the end.</returns>
    public async Task<(double First, double End)> GenerateAsync(VideoGenerationRequest request, CancellationToken cancellationToken = default)
    {
        long start = Stopwatch.GetTimestamp();
        double? first = null;
        await foreach (GenerationUpdate update in Model.GenerateAsync(request, cancellationToken))
        {
            if (update is GenerationProgress { Stage: GenerationStage.Denoising })
            {
                first ??= Stopwatch.GetElapsedTime(start).TotalSeconds;
            }

            foreach (VideoFrame frame in (update as GeneratedFrames)?.Frames ?? [])
            {
                frame.Dispose();
            }
        }

        return (first ?? 0, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    /// <summary>Seconds that something takes.</summary>
    public static async Task<double> TimeAsync(Func<Task> work)
    {
        long start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
