using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Serialization;

namespace MedGen.Sdk.Frames;

/// <summary>Size, length and rate of a clip. The defaults are those of medgen-mini.</summary>
public sealed record ClipShape
{
    /// <summary>Largest width and height in px.</summary>
    public const int MaxSide = 1024;

    /// <summary>Largest number of frames.</summary>
    public const int MaxFrames = 257;

    /// <summary>Width in px, 32 to 1024; even where the clip is written to a video file.</summary>
    [Range(32, MaxSide)]
    public int Width { get; init; } = 128;

    /// <summary>Height in px, 32 to 1024; even where the clip is written to a video file.</summary>
    [Range(32, MaxSide)]
    public int Height { get; init; } = 128;

    /// <summary>Number of frames, 1 to 257; 1: a still. A Wan model makes 4k + 1.</summary>
    [Range(1, MaxFrames)]
    public int NumFrames { get; init; } = 17;

    /// <summary>Frames per second, 1 to 60.</summary>
    [Range(1.0, 60.0)]
    public double FramesPerSecond { get; init; } = 8;

    /// <summary>Bytes of a frame: height × width × RGB.</summary>
    [JsonIgnore]
    public int FrameBytes => Height * Width * 3;

    /// <summary>Bytes of a clip: frames × height × width × RGB.</summary>
    [JsonIgnore]
    public int Bytes => NumFrames * FrameBytes;

    /// <summary>The shape as text, for instance <c>128x128x17@8</c>; a still has no rate, hence <c>@0</c>.</summary>
    /// <returns>Text in the invariant culture.</returns>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Width}x{Height}x{NumFrames}@{(NumFrames == 1 ? 0 : FramesPerSecond)}");
}
