using System.ComponentModel.DataAnnotations;
using MedGen.Sandbox;

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
    /// How child processes are confined: <c>auto</c> (default), <c>required</c> (no decoding without bubblewrap) or <c>limits</c>.
    /// </summary>
    [EnumDataType(typeof(SandboxMode))]
    public SandboxMode Sandbox { get; set; } = SandboxMode.Auto;

    /// <summary>
    /// Address space of a child process in MiB. 512 to 1048576; default 4096, of which a 1080p decoder has some 200 MiB resident. More is needed
    /// only for pictures far above 4K.
    /// </summary>
    [Range(512, 1_048_576)]
    public int ProcessMemoryMiB { get; set; } = 4096;

    /// <summary>CPU time of a child process, over all its threads, in s; then it is ended. 60 to 604800; default 14400.</summary>
    [Range(60, 604_800)]
    public int ProcessCpuSeconds { get; set; } = 14_400;

    /// <summary>Largest file that an encoder may write, in MiB. 1 to 1048576; default 16384. Decoders write none.</summary>
    [Range(1, 1_048_576)]
    public int MaxFileMiB { get; set; } = 16_384;

    /// <summary>Largest picture that is decoded, in px (width · height). 1 to 536870912; default 67108864 (8192 x 8192).</summary>
    [Range(1, 536_870_912)]
    public int MaxPixels { get; set; } = 67_108_864;

    /// <summary>Decoded frames that wait for their reader, in MiB for one stream (at least one frame waits). 1 to 4096; default 32.</summary>
    [Range(1, 4096)]
    public int ReadAheadMiB { get; set; } = 32;

    /// <summary>
    /// Memory of all decoding together in MiB, predicted from the size of the pictures: what does not fit waits, what can never fit is refused.
    /// 0 to 1048576; 0 (default): a quarter of what this process may use.
    /// </summary>
    [Range(0, 1_048_576)]
    public int DecodeMemoryMiB { get; set; }

    internal long DecodeMemory() => DecodeMemoryMiB > 0 ? (long)DecodeMemoryMiB << 20 : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4;
}
