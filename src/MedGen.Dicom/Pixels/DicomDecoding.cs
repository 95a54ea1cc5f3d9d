using MedGen.Sandbox;

namespace MedGen.Dicom.Pixels;

/// <summary>How compressed pictures are decoded, and up to which size.</summary>
public sealed record DicomDecoding
{
    /// <summary>How the decoder process is confined.</summary>
    public SandboxMode Sandbox { get; init; } = SandboxMode.Auto;

    /// <summary>Address space of the decoder in MiB; default 4096.</summary>
    public int ProcessMemoryMiB { get; init; } = 4096;

    /// <summary>CPU time of one run of the decoder in s; default 600.</summary>
    public int ProcessCpuSeconds { get; init; } = 600;

    /// <summary>Longest run of the decoder; default 10 min.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Largest frame, in px (width · height); default 67108864 (8192 x 8192).</summary>
    public int MaxPixels { get; init; } = 67_108_864;

    /// <summary>Decoded frames of one run, in MiB in a temporary file; at least one frame. Default 64.</summary>
    public int ChunkMiB { get; init; } = 64;
}
