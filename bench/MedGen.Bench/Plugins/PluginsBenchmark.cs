using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MedGen.Application.Plugins;
using MedGen.PluginHost;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Plugins;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MedGen.Bench.Plugins;

/// <summary>What a process of its own costs a plugin: the sample analyzer, which adds up each frame's pixels, in the host's process and in a worker, by turns.</summary>
internal static class PluginsBenchmark
{
    private const int Side = 224;
    private const int Frames = 1000;
    private const int Rounds = 5;

    public static async Task<int> RunAsync()
    {
        string folder = Directory.CreateTempSubdirectory("medgen-bench-").FullName;
        using IHost inProcess = await StartAsync(Path.Combine(folder, "a.json"), IsolationPolicy.Declared);
        using IHost isolated = await StartAsync(Path.Combine(folder, "b.json"), IsolationPolicy.Foreign);
        List<double>[] times = [[], []];
        await MeasureAsync(inProcess, []); // warm-up
        await MeasureAsync(isolated, []);
        for (int round = 0; round < Rounds; round++)
        {
            await MeasureAsync(inProcess, times[0]);
            await MeasureAsync(isolated, times[1]);
        }

        Print("in the host's process", times[0]);
        Print("in a process of its own", times[1]);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"difference in the mean: {times[1].Average() - times[0].Average():0.000} ms a frame of {Side} x {Side} px"));
        await inProcess.StopAsync();
        await isolated.StopAsync();
        Directory.Delete(folder, recursive: true);
        return 0;
    }

    private static async Task<IHost> StartAsync(string stateFile, IsolationPolicy isolation)
    {
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging();
        builder.Services.AddMedGenPluginHost(options =>
        {
            options.Roots.Add(RepositoryFolder.Path("artifacts", "sample-plugins"));
            options.StateFile = stateFile;
            options.Isolation = isolation;
            options.WorkerCommand =
            [
                Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet")),
                RepositoryFolder.Path("src", "MedGen.Cli", "bin", "Release", "net10.0", "medgen.dll"), "plugin-worker",
            ];
        });
        IHost host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private static async Task MeasureAsync(IHost host, List<double> milliseconds)
    {
        using PluginLease<IVideoAnalyzer> lease = await host.Services.GetRequiredService<IPluginCatalog>()
            .AcquireAsync<IVideoAnalyzer>(CapabilityKinds.Analysis, "brightness", null, CancellationToken.None);
        AnalysisRequest request = new() { Inputs = [new InputClip { Role = "clip", Clip = new GreyClip() }] };
        long last = Stopwatch.GetTimestamp();
        await foreach (AnalysisUpdate update in lease.Service.AnalyzeAsync(request, CancellationToken.None))
        {
            if (update is InterimFindings)
            {
                milliseconds.Add(Stopwatch.GetElapsedTime(last).TotalMilliseconds);
                last = Stopwatch.GetTimestamp();
            }
        }
    }

    private static void Print(string where, List<double> times) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{where}: p50 {Quantile(times, 0.5):0.000} ms, p99 {Quantile(times, 0.99):0.000} ms a frame, {1000 * times.Count / times.Sum():0} frames/s"));

    private static double Quantile(List<double> times, double share) => times.Order().ElementAt((int)(share * (times.Count - 1)));

    private sealed class GreyClip : IVideoClip
    {
        public VideoInfo Info { get; } = new() { Width = Side, Height = Side, FrameRate = 25, FrameCount = Frames };

        public bool IsLive => false;

        public async IAsyncEnumerable<VideoFrame> ReadFramesAsync(FrameSampling sampling, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            for (int i = 0; i < Frames; i++)
            {
                VideoFrame frame = VideoFrame.Rent(Side, Side, i, TimeSpan.FromSeconds(i / 25.0));
                frame.WritablePixels.Span.Fill((byte)i);
                yield return frame;
            }

            await Task.CompletedTask;
        }
    }
}
