using System.Collections.Concurrent;
using System.Diagnostics;
using MedGen.Media.Cutting;
using MedGen.Sdk.Frames;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Media.Tests;

/// <summary>A folder of its own for a test, clips made there by ffmpeg's own sources, and the media room as a host registers it.</summary>
internal sealed class Workbench : IDisposable
{
    private const int LargestKept = 1 << 20;

    // A program costs a fifth of a second to start, and many tests begin with the same film.
    private static readonly ConcurrentDictionary<string, byte[]> Made = new(StringComparer.Ordinal);

    private readonly ServiceProvider _services;

    public Workbench(Action<MediaOptions>? configure = null, TimeProvider? time = null)
    {
        Folder = Directory.CreateTempSubdirectory("medgen-media-").FullName;
        _services = new ServiceCollection().AddSingleton(time ?? TimeProvider.System).AddMedGenMedia(configure).BuildServiceProvider();
    }

    public string Folder { get; }

    public IVideoReader Reader => _services.GetRequiredService<IVideoReader>();

    public IVideoWriter Writer => _services.GetRequiredService<IVideoWriter>();

    public IVideoCutter Cutter => _services.GetRequiredService<IVideoCutter>();

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>Runs ffmpeg; <paramref name="arguments"/> are split at blanks; the output file is the last argument and lies in the folder.</summary>
    public async Task<string> MakeAsync(string name, string arguments)
    {
        string path = PathOf(name);
        string recipe = $"{name} {arguments}";
        if (Made.TryGetValue(recipe, out byte[]? film))
        {
            await File.WriteAllBytesAsync(path, film, Token);
            return path;
        }

        await RunAsync("ffmpeg", ["-v", "error", "-y", "-nostdin", .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), path]);
        if (new FileInfo(path) is { Exists: true, Length: < LargestKept })
        {
            Made[recipe] = await File.ReadAllBytesAsync(path, Token);
        }

        return path;
    }

    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(Token);
        string output = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        process.ExitCode.ShouldBe(0, await errors);
        return output;
    }

    public async Task<IReadOnlyList<FrameRecord>> ReadAsync(string path, FrameSampling? sampling = null)
    {
        IVideoClip clip = await Reader.OpenAsync(path, Token);
        List<FrameRecord> records = [];
        await foreach (VideoFrame frame in clip.ReadFramesAsync(sampling ?? FrameSampling.All, Token))
        {
            using (frame)
            {
                records.Add(FrameRecord.Of(frame));
            }
        }

        return records;
    }

    /// <summary>The timestamps of the picture stream as ffprobe prints them, in order.</summary>
    public static async Task<double[]> ProbeTimesAsync(string path)
    {
        string output = await RunAsync(
            "ffprobe", ["-v", "error", "-select_streams", "v:0", "-show_entries", "frame=pts_time", "-of", "csv=p=0", path]);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => double.Parse(line.TrimEnd(','), System.Globalization.CultureInfo.InvariantCulture))];
    }

    public static int ChildProcesses() =>
        Directory.EnumerateDirectories("/proc").Count(folder => int.TryParse(Path.GetFileName(folder), out _) && ParentOf(folder) == Environment.ProcessId);

    public void Dispose()
    {
        _services.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>The most memory that any descendant of this process has had resident so far, in bytes; 0 without children.</summary>
    public static long PeakOfChildren()
    {
        ILookup<int, int> children = Directory.EnumerateDirectories("/proc")
            .Where(folder => int.TryParse(Path.GetFileName(folder), out _))
            .ToLookup(ParentOf, folder => int.Parse(Path.GetFileName(folder), System.Globalization.CultureInfo.InvariantCulture));
        return Below(Environment.ProcessId).Select(id => PeakOf($"/proc/{id}")).DefaultIfEmpty().Max();

        IEnumerable<int> Below(int id) => children[id].SelectMany(child => Below(child).Prepend(child));
    }

    private static long PeakOf(string folder)
    {
        string? line = null;
        try
        {
            line = File.ReadLines(Path.Combine(folder, "status")).FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        }
        catch (IOException)
        {
            // The process ended while we looked.
        }

        return line is null ? 0 : 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static int ParentOf(string folder)
    {
        try
        {
            string stat = File.ReadAllText(Path.Combine(folder, "stat"));
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // The process ended while we looked.
            return -1;
        }
    }
}
