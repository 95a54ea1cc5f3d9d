using System.Diagnostics;
using System.Globalization;
using MedGen.Bench.Serving;
using MedGen.Host.Tests.Errors;
using MedGen.Media;
using MedGen.Media.Reading;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Tests;
using Microsoft.Extensions.Options;

namespace MedGen.Bench.Fuzz;

/// <summary>
/// Damaged messages to a host, damaged clips to the reader, damaged files to their parsers, damaged DICOM objects to reader and de-identifier: each has to be read, or refused by an error that says what
/// is wrong. Anything else is a fault, is printed with its seed and number, and makes the exit code 1.
/// </summary>
internal static class FuzzBenchmark
{
    private const int MostPrinted = 20;
    private const int ClipsBetweenNotes = 250;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    public static async Task<int> RunAsync(FuzzOptions options)
    {
        List<string> faults =
        [
            .. await MessagesAsync(options), .. await MediaAsync(options), .. DamagedFiles.Read(options), .. await DamagedDicom.ReadAsync(options),
        ];
        faults.Take(MostPrinted).ToList().ForEach(Console.WriteLine);
        Console.WriteLine($"{faults.Count} faults, seed {options.Seed}");
        return faults.Count == 0 ? 0 : 1;
    }

    private static async Task<IReadOnlyList<string>> MessagesAsync(FuzzOptions options)
    {
        if (options.Messages == 0)
        {
            return [];
        }

        string folder = Directory.CreateTempSubdirectory("fuzz-").FullName;
        try
        {
            using ServedHost host = await ServedHost.StartAsync(Path.Combine(folder, "data"), checkpointInterval: 5);
            MutatedMessages messages = new(options.Seed);
            await messages.SendAsync(host.Address, options.Messages / 10, CancellationToken.None);
            double before = host.ResidentMebibytes;
            await messages.SendAsync(host.Address, options.Messages - (options.Messages / 10), CancellationToken.None);
            string counts = string.Join(", ", messages.Counts.OrderByDescending(one => one.Value).Select(one => $"{one.Value} {one.Key}"));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{options.Messages} messages: {counts}; resident memory after a tenth {before:0} MiB, at the end {host.ResidentMebibytes:0} MiB"));
            await host.KillAsync();
            return messages.Faults;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<IReadOnlyList<string>> MediaAsync(FuzzOptions options)
    {
        if (options.Media == 0)
        {
            return [];
        }

        List<string> faults = [];
        byte[][] clips = [.. Directory.GetFiles(RepositoryFolder.Path("samples", "clips"), "*.mp4").Select(File.ReadAllBytes)];
        FFmpegVideoReader reader = new(Options.Create(new MediaOptions()), TimeProvider.System);
        Random random = new(options.Seed);
        string file = Path.Combine(Path.GetTempPath(), $"fuzz-{Guid.NewGuid():N}.mp4");
        int read = 0;
        Dictionary<string, int> refused = [];
        for (int i = 0; i < options.Media; i++)
        {
            byte[] clip = clips[i % clips.Length];
            await File.WriteAllBytesAsync(file, i % 2 == 0 ? MutatedBytes.Of(clip, random) : MutatedBytes.OneBitInside(clip, random));
            using CancellationTokenSource late = new(Longest);
            try
            {
                await foreach (VideoFrame frame in (await reader.OpenAsync(file, late.Token)).ReadFramesAsync(FrameSampling.All, late.Token))
                {
                    frame.Dispose();
                }

                read++;
            }
            catch (MedGenException refusal)
            {
                refused[refusal.Reason] = refused.GetValueOrDefault(refusal.Reason) + 1;
            }
            catch (Exception error)
            {
                faults.Add($"clip {i}: {error.GetType().Name} {error.Message}");
            }

            if ((i + 1) % ClipsBetweenNotes == 0)
            {
                await Console.Error.WriteLineAsync($"{i + 1} of {options.Media} clips: {read} read, {faults.Count} faults");
            }
        }

        File.Delete(file);
        Console.WriteLine($"{options.Media} clips: {read} read, refused: {string.Join(", ", refused.Select(one => $"{one.Value} {one.Key}"))}");
        return faults;
    }
}
