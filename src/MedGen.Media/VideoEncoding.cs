namespace MedGen.Media;

/// <summary>How frames become a file, and where they come from.</summary>
public sealed record VideoEncoding
{
    /// <summary>The kind of file; default <see cref="VideoFormat.H264"/>.</summary>
    public VideoFormat Format { get; init; } = VideoFormat.H264;

    /// <summary>Frames per second; frame n is shown at n / rate. Above 0, at most 240 (GIF: 50).</summary>
    public required double FramesPerSecond { get; init; }

    /// <summary>
    /// Constant rate factor of <see cref="VideoFormat.H264"/>: 1 (nearly lossless, large) to 51 (worst); default 18, visually lossless.
    /// </summary>
    public int ConstantRateFactor { get; init; } = 18;

    /// <summary>
    /// Id under which the platform keeps how the frames were made: 1 to 128 letters, digits and <c>. _ : -</c>. It is written into the file
    /// with a note that the content is synthetic.
    /// </summary>
    public required string ProvenanceId { get; init; }
}
