using System.ComponentModel.DataAnnotations;

namespace MedGen.Media;

/// <summary>Limits of the decoder and encoder processes.</summary>
public sealed class MediaOptions
{
    /// <summary>Folder of the <c>ffmpeg</c> and <c>ffprobe</c> programs; null (default): found by <c>PATH</c>.</summary>
    public string? BinaryFolder { get; set; }

    /// <summary>A child process that does nothing for this long, while we wait for it, is ended. 1 s to 1 h; default 60 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Address space of a child process in MiB, set by <c>ulimit -v</c>. 512 to 1048576; default 4096, of which a 1080p decoder has some
    /// 200 MiB resident. More is needed only for pictures far above 4K.
    /// </summary>
    [Range(512, 1_048_576)]
    public int ProcessMemoryMiB { get; set; } = 4096;

    /// <summary>Largest picture that is decoded, in px (width · height). 1 to 536870912; default 67108864 (8192 x 8192).</summary>
    [Range(1, 536_870_912)]
    public int MaxPixels { get; set; } = 67_108_864;

    /// <summary>Decoded frames that wait for their reader, in MiB for one stream (at least one frame waits). 1 to 4096; default 32.</summary>
    [Range(1, 4096)]
    public int ReadAheadMiB { get; set; } = 32;
}
