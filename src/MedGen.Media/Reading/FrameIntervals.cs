using System.Text.Json;
using FFMpegCore;

namespace MedGen.Media.Reading;

/// <summary>Whether the first packets of a stream come at equal intervals; containers that state one rate for a varying stream are common.</summary>
internal static class FrameIntervals
{
    /// <summary>How many packets (of all streams) ffprobe is asked for.</summary>
    public const int Packets = 300;

    private const int ReorderDepth = 16;
    private const long RoundingTicks = 1;

    public static bool Differ(FFProbeAnalysis analysis, int streamIndex)
    {
        if (analysis.ExtensionData is not { } extra || !extra.TryGetValue("packets", out JsonElement packets))
        {
            return false;
        }

        long[] times = [.. packets.EnumerateArray().Where(p => p.GetProperty("stream_index").GetInt32() == streamIndex)
            .Select(p => p.TryGetProperty("pts", out JsonElement pts) ? pts.GetInt64() : (long?)null).OfType<long>().Order()];
        // Where the film goes on, frames that are shown before the last ones seen may still be missing.
        int complete = packets.GetArrayLength() < Packets ? times.Length : times.Length - ReorderDepth;
        long[] intervals = [.. times.Take(Math.Max(complete, 0)).Zip(times.Skip(1), (earlier, later) => later - earlier)];
        return intervals.Length > 1 && intervals.Max() - intervals.Min() > RoundingTicks;
    }
}
