using System.Diagnostics;
using MedGen.Runtime;
using MedGen.Sdk.Serving;
using TorchSharp;

namespace MedGen.Bench.Serving;

/// <summary>Resident memory and live tensors over 200 small generations, and over 100 loads of two adapters that do not fit beside each other.</summary>
internal static class MemoryFigure
{
    private const int Jobs = 200;
    private const int Loads = 100;

    public static async Task RunAsync()
    {
        string folder = Directory.CreateTempSubdirectory("medgen-bench-").FullName;
        try
        {
            string file = Directory.GetFiles(RepositoryFolder.Path("models", "medgen-mini-lung"), "*.safetensors").Single();
            foreach (string name in new[] { "one", "two" })
            {
                File.Copy(file, Path.Combine(folder, name + ".safetensors"));
            }

            await using BenchModel bench = new(options =>
            {
                options.AdapterFolders.Add(new AdapterFolder(folder));
                options.AdapterBytes = 2 << 20;
            });
            await MeasureAsync(bench, "generations", Jobs, i => bench.GenerateAsync(BenchModel.Request(i, steps: 1) with { Width = 64, Height = 64, NumFrames = 5 }));
            await MeasureAsync(bench, "adapter loads", Loads, i => bench.Model.DescribeAdapterAsync(i % 2 == 0 ? "one" : "two", CancellationToken.None));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(BenchModel bench, string what, int count, Func<int, Task> run)
    {
        List<double> memory = [];
        long[] live = new long[count];
        for (int i = 0; i < count; i++)
        {
            await run(i);
            live[i] = await bench.Device.RunAsync(_ => DisposeScopeManager.Statistics.ThreadTotalLiveCount, ServicePriority.Bulk, CancellationToken.None);
            using Process self = Process.GetCurrentProcess();
            memory.Add(self.WorkingSet64 / 1048576.0);
        }

        // The first tenth warms caches and allocators up.
        int first = count / 10;
        Console.WriteLine(FormattableString.Invariant(
            $"{count} {what}: resident {memory[first]:0} to {memory[^1]:0} MiB, slope {1024 * Slope(memory.Skip(first).ToArray()):0.0} KiB each; live tensors {live[first]} to {live[^1]}"));
    }

    // Least squares.
    private static double Slope(double[] values)
    {
        double middle = (values.Length - 1) / 2.0;
        double mean = values.Average();
        return values.Select((value, i) => (i - middle) * (value - mean)).Sum() / values.Select((_, i) => (i - middle) * (i - middle)).Sum();
    }
}
