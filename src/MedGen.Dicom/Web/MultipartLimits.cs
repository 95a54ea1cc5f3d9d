namespace MedGen.Dicom.Web;

/// <summary>What a multipart body may ask of its reader.</summary>
public sealed record MultipartLimits
{
    /// <summary>Most parts; default 100,000.</summary>
    public int Parts { get; init; } = 100_000;

    /// <summary>Most bytes of one part; default 4 GiB.</summary>
    public long PartBytes { get; init; } = 4L << 30;

    /// <summary>Most bytes of a part's headers, and of what stands before the first part; default 8,192.</summary>
    public int HeaderBytes { get; init; } = 8192;
}
