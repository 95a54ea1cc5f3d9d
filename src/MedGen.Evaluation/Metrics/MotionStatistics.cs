namespace MedGen.Evaluation.Metrics;

/// <summary>How much clips move, in grey levels of 255: means over clips.</summary>
/// <param name="Energy">Mean absolute difference between neighbouring frames.</param>
/// <param name="Flicker">Mean absolute second difference in time: what goes back and forth from frame to frame, not what moves on.</param>
/// <param name="FrozenShare">Share of the clips whose energy is below <see cref="FrozenBelow"/>.</param>
public sealed record MotionStatistics(double Energy, double Flicker, double FrozenShare)
{
    /// <summary>A clip that changes less than this from frame to frame stands still.</summary>
    public const double FrozenBelow = 0.25;

    /// <summary>Measures clips.</summary>
    /// <param name="clips">R, G, B bytes of each, frame by frame; at least one.</param>
    /// <param name="frameBytes">Bytes of a frame.</param>
    /// <returns>The means.</returns>
    public static MotionStatistics Of(IReadOnlyList<byte[]> clips, int frameBytes)
    {
        ArgumentNullException.ThrowIfNull(clips);
        (double Energy, double Flicker)[] each = [.. clips.AsParallel().AsOrdered().Select(clip => Of(clip, frameBytes))];
        return new MotionStatistics(each.Average(c => c.Energy), each.Average(c => c.Flicker), each.Average(c => c.Energy < FrozenBelow ? 1.0 : 0.0));
    }

    private static (double Energy, double Flicker) Of(byte[] clip, int frameBytes)
    {
        int frames = clip.Length / frameBytes;
        long first = 0;
        long second = 0;
        for (int i = frameBytes; i < clip.Length; i++)
        {
            first += Math.Abs(clip[i] - clip[i - frameBytes]);
            if (i >= 2 * frameBytes)
            {
                second += Math.Abs(clip[i] - (2 * clip[i - frameBytes]) + clip[i - (2 * frameBytes)]);
            }
        }

        return ((double)first / ((frames - 1) * (long)frameBytes), (double)second / ((frames - 2) * (long)frameBytes));
    }
}
