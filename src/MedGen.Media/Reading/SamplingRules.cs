using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Media.Reading;

/// <summary>What may be asked of a stored clip.</summary>
internal static class SamplingRules
{
    private const double MaxFramesPerSecond = 240;

    /// <exception cref="InvalidInputException">A value is out of range.</exception>
    public static void Check(FrameSampling sampling, VideoInfo info, MediaOptions options)
    {
        List<FieldViolation> violations = [];
        if (sampling.FramesPerSecond is double rate && !(rate > 0 && rate <= MaxFramesPerSecond))
        {
            violations.Add(new("frames_per_second", $"{rate} frames/s asked; above 0, at most {MaxFramesPerSecond}."));
        }

        if (sampling.Start < TimeSpan.Zero)
        {
            violations.Add(new("start", $"{sampling.Start.TotalSeconds} s asked; 0 or later."));
        }

        if (sampling.Format is { } format && !info.Formats.Contains(format))
        {
            violations.Add(new("format", $"{format} asked; the clip has {string.Join(", ", info.Formats)}."));
        }

        if (sampling.MaxFrames is < 1)
        {
            violations.Add(new("max_frames", $"{sampling.MaxFrames} asked; at least 1."));
        }

        if (sampling.Width is null != sampling.Height is null)
        {
            violations.Add(new("width", "width and height are given both or not at all."));
        }
        else if (sampling is { Width: int width, Height: int height } && (width < 1 || height < 1 || (long)width * height > options.MaxPixels))
        {
            violations.Add(new("width", $"{width}x{height} px asked; each at least 1, at most {options.MaxPixels} px in all."));
        }

        if (violations.Count > 0)
        {
            throw new InvalidInputException(violations);
        }
    }
}
