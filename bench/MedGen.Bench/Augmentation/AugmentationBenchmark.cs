using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Models;
using MedGen.Sdk.Plugins;
using MedGen.Bench.Serving;
using MedGen.Datasets.Augmentation;
using MedGen.Media;
using MedGen.Plugins.Augmentation;
using MedGen.Runtime;
using MedGen.Runtime.Execution;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Bench.Augmentation;

/// <summary>Whole augmentations of samples/datasets/lung at 128 x 128 px, 17 frames: making, judging and writing, from the first clip's beginning to the last one's end.</summary>
internal static class AugmentationBenchmark
{
    private const int Rounds = 3;

    public static async Task<int> RunAsync()
    {
        await using ServiceProvider services = Services();
        Console.WriteLine(FormattableString.Invariant($"{Environment.ProcessorCount} cores"));
        await ClassicAsync(services);
        await PromptedAsync(services);
        return 0;
    }

    private static async Task ClassicAsync(ServiceProvider services)
    {
        Console.WriteLine("classic        clips  frames/s  frames/s of one maker alone  whole / one maker");
        foreach (string format in new[] { "mp4", "mp4_lossless", "png" })
        {
            for (int round = 0; round < Rounds; round++)
            {
                TimedAugmenter maker = new(services.GetRequiredService<IDatasetAugmenter>());
                AugmentationSpec spec = AugmentationSpecReader.Parse($$"""
                    { "balance": { "add_per_class": 24 }, "filters": { "duplicates": { "enabled": false } }, "output": { "format": "{{format}}", "include_real": false } }
                    """);
                (int made, TimeSpan took) = await MakingTime.OfAsync(services, maker, spec);
                double whole = made * spec.Clip.NumFrames / took.TotalSeconds;
                double alone = maker.Frames / maker.Taken.TotalSeconds;
                Console.WriteLine(FormattableString.Invariant($"{format,-12} {made,7} {whole,9:0} {alone,28:0} {whole / alone,18:0.00}"));
            }
        }
    }

    private static async Task PromptedAsync(ServiceProvider services)
    {
        DeviceExecutor device = services.GetRequiredService<DeviceExecutor>();
        await foreach (GenerationUpdate update in services.GetRequiredService<IMedGenModel>().GenerateAsync(BenchModel.Smallest(0), CancellationToken.None))
        {
            foreach (VideoFrame frame in (update as GeneratedFrames)?.Frames ?? []) // loads the model
            {
                frame.Dispose();
            }
        }

        Console.WriteLine("prompted       clips  seconds  device at work");
        foreach (int steps in new[] { 4, 12 })
        {
            AugmentationSpec spec = AugmentationSpecReader.Parse($$"""
                { "balance": { "add_per_class": 6 }, "max_attempts": 1, "methods": [{ "type": "prompted", "options": { "steps": {{steps}}, "guidance_scale": 3 } }],
                  "filters": { "quality": { "enabled": false }, "outliers": { "enabled": false } }, "output": { "include_real": false } }
                """);
            TimeSpan before = TimeSpan.Zero;
            TimeSpan after = TimeSpan.Zero;
            (int made, TimeSpan took) = await MakingTime.OfAsync(
                services, services.GetRequiredService<IDatasetAugmenter>(), spec, onBegin: () => before = device.Worked, onEnd: () => after = device.Worked);
            Console.WriteLine(FormattableString.Invariant($"{steps + " steps",-12} {made,7} {took.TotalSeconds,8:0.0} {(after - before) / took,15:P0}"));
        }
    }

    private static ServiceProvider Services()
    {
        ServiceCollection services = new();
        services.AddLogging().AddMedGenMedia().AddMedGenRuntime(options => options.ModelPath = RepositoryFolder.Path("models", "medgen-mini"));
        PluginManifest manifest = new()
        {
            Id = "medgen.augmentation", Version = "0.1.0", Name = "Augmentation", Publisher = "MedGen", Sdk = "[0.1,0.2)", EntryAssembly = "x.dll", Capabilities = [],
        };
        new AugmentationPlugin().ConfigureServices(services, new PluginContext { Manifest = manifest, Directory = AppContext.BaseDirectory });
        return services.BuildServiceProvider();
    }
}
