using MedGen.Sdk.Frames;

namespace MedGen.Media.Reading;

/// <summary>The picture stream that is read, and what the decoder has to know of it.</summary>
internal sealed record SourceStream
{
    private static readonly string[] AlphaFormats = ["rgba", "bgra", "argb", "abgr", "gbrap", "yuva", "ya8", "ya16", "pal8"];

    public required string Path { get; init; }

    public required int Index { get; init; }

    /// <summary>Seconds per tick of the container's timestamps.</summary>
    public required Rational TimeBase { get; init; }

    public required VideoInfo Info { get; init; }

    /// <summary>A file that holds one picture.</summary>
    public required bool IsStill { get; init; }

    /// <summary>A film whose frames hold two moments each, in alternate lines.</summary>
    public required bool IsInterlaced { get; init; }

    /// <summary>Whether the file states how long it is; otherwise its packets were counted.</summary>
    public bool StatesDuration { get; init; } = true;

    /// <summary>EXIF orientation of a still, 1 to 8; 1 for a film, whose rotation ffmpeg applies.</summary>
    public required int Orientation { get; init; }

    /// <summary>Whether its pixels, or the colours of its palette, can be transparent.</summary>
    public bool HasAlpha => Info.PixelFormat is { } format && AlphaFormats.Any(alpha => format.StartsWith(alpha, StringComparison.Ordinal));

    public string FileName => System.IO.Path.GetFileName(Path);

    /// <summary>What ffprobe saw, in one phrase, for messages.</summary>
    public string Describe()
    {
        string frames = Info.FrameCount is long count && !IsStill ? $", {count} frames" : string.Empty;
        string seconds = Info.Duration is TimeSpan duration ? FormattableString.Invariant($", {duration.TotalSeconds:0.###} s") : string.Empty;
        return $"{Info.Codec} {Info.Width}x{Info.Height} {Info.PixelFormat} in {Info.Container}{frames}{seconds}";
    }
}
