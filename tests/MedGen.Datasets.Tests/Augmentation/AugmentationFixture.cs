using MedGen.Datasets.Running;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Models;
using MedGen.Sdk.Plugins;
using MedGen.Datasets.Adapters;
using MedGen.Datasets.Augmentation;
using MedGen.Datasets.Clips;
using MedGen.Datasets.Files;
using MedGen.Media;
using MedGen.Plugins.Augmentation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MedGen.Datasets.Tests.Augmentation;

/// <summary>A small data set on disk, the real plugin over a model of the test's, and films without a codec unless it is asked for.</summary>
internal sealed class AugmentationFixture : IDisposable
{
    private readonly ServiceProvider _services;
    private readonly bool _isEncoded;

    public AugmentationFixture(bool isEncoded = false)
    {
        _isEncoded = isEncoded;
        ServiceCollection services = new();
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddMedGenMedia();
        services.AddSingleton<IMedGenModel>(Model);
        PluginManifest manifest = new()
        {
            Id = "medgen.augmentation", Version = "0.1.0", Name = "Augmentation", Publisher = "MedGen", Sdk = "[0.1,0.2)", EntryAssembly = "x.dll", Capabilities = [],
        };
        new AugmentationPlugin().ConfigureServices(services, new PluginContext { Manifest = manifest, Directory = AppContext.BaseDirectory });
        _services = services.BuildServiceProvider();
    }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public string Root { get; } = Directory.CreateTempSubdirectory("medgen-augment-").FullName;

    public string Data => Path.Combine(Root, "data");

    public ScriptedModel Model { get; } = new();

    public IDatasetAugmenter Augmenter => _services.GetRequiredService<IDatasetAugmenter>();

    public IVideoReader Reader => _isEncoded ? _services.GetRequiredService<IVideoReader>() : Films;

    public IVideoWriter Writer => _isEncoded ? _services.GetRequiredService<IVideoWriter>() : Films;

    private RawFilms Films => new(_services.GetRequiredService<IVideoReader>(), _services.GetRequiredService<IVideoWriter>());

    public IPluginSelfTest SelfTest => _services.GetRequiredService<IPluginSelfTest>();

    public string Output(string name) => Path.Combine(Root, name);

    /// <summary>Small clips that a run of a second can be made of: 32 × 32 px, 5 frames.</summary>
    public static AugmentationSpec Small(string more = "") =>
        AugmentationSpecReader.Parse($$"""{ "clip": { "width": 32, "height": 32, "num_frames": 5, "frames_per_second": 8 }{{(more.Length == 0 ? "" : ", " + more)}} }""");

    /// <summary>Writes clips, each of a pattern of its own, and metadata.csv. Rows: name, label, patient, split.</summary>
    public async Task WriteDataAsync(params (string Name, string Label, string Patient, string Split)[] rows)
    {
        Directory.CreateDirectory(Data);
        for (int i = 0; i < rows.Length; i++)
        {
            await WriteClipAsync(Path.Combine(Data, rows[i].Name), seed: i);
        }

        await File.WriteAllLinesAsync(
            Path.Combine(Data, "metadata.csv"),
            ["file_name,label,patient_id,split,caption,licence,attribution", .. rows.Select(row => $"{row.Name},{row.Label},{row.Patient},{row.Split},A {row.Label} clip,CC BY 4.0,Author of {row.Patient}")],
            Token);
    }

    /// <summary>Four patients a class: enough for three splits.</summary>
    public Task WriteDataAsync(int patients = 4) => WriteDataAsync(
    [
        .. Enumerable.Range(1, patients).Select(i => ($"a{i}.mp4", "a", $"pa{i}", "")),
        .. Enumerable.Range(1, patients).Select(i => ($"b{i}.mp4", "b", $"pb{i}", "")),
    ]);

    public Task WriteClipAsync(string path, int seed, int side = 32, int frames = 8, double fps = 8) =>
        Writer.WriteAsync(path, Frames(seed, side, frames), new VideoEncoding { FramesPerSecond = fps, ProvenanceId = $"test:{seed}" }, Token);

    public Task<AugmentationSummary> RunAsync(
        string output, AugmentationSpec spec, OutputMode mode = OutputMode.New, IDatasetAugmenter? augmenter = null, IVideoWriter? writer = null, string run = "", string? data = null,
        IAdapterTrainer? trainer = null, List<AugmentationStatus>? told = null, PathScope? scope = null, ModelDescription? model = null,
        Func<string, CancellationToken, Task<TrainingData?>>? adapterData = null, IClipFeatures? features = null) =>
        new DatasetAugmentation(Reader, writer ?? Writer, TimeProvider.System, trainer, model, adapterData, features).RunAsync(
            new AugmentationTask
            {
                Data = data ?? Data, Output = Output(output), Spec = spec, Mode = mode, Augmenter = "medgen.augmentation 0.1.0",
                Scope = scope ?? PathScope.Anywhere,
                RunId = run.Length > 0 ? run : Guid.NewGuid().ToString("N"),
            },
            augmenter ?? Augmenter,
            (status, _) =>
            {
                told?.Add(status);
                return Task.CompletedTask;
            },
            Token);

    public void Dispose()
    {
        _services.Dispose();
        Directory.Delete(Root, recursive: true);
    }

    // Bars of a width and direction of their own that wander.
    public static async IAsyncEnumerable<VideoFrame> Frames(int seed, int side, int frames)
    {
        for (int t = 0; t < frames; t++)
        {
            byte[] pixels = new byte[side * side * 3];
            for (int i = 0; i < side * side; i++)
            {
                (int x, int y) = (i % side, i / side);
                double wave = Math.Sin((((x * (1 + (seed % 3))) + (y * (1 + (seed % 5)))) * 0.25) + (t * 0.4) + seed);
                byte grey = (byte)(110 + (90 * wave) + (seed * 7 % 30));
                (pixels[3 * i], pixels[(3 * i) + 1], pixels[(3 * i) + 2]) = (grey, grey, grey);
            }

            yield return VideoFrame.Wrap(pixels, side, side, t);
        }

        await Task.CompletedTask;
    }
}
