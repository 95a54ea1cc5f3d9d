namespace MedGen.Media.Reading;

/// <summary>
/// Memory that decoding is predicted to take, in bytes: by formula, so that it is known before anything is taken. The number of frames in flight was
/// fitted to ffmpeg 5.1: H.264 at 8192 x 8192 px had 1.77 GiB resident with 2 threads and 1.36 GiB with one.
/// </summary>
/// <param name="Threads">Decoder threads; each holds a frame.</param>
/// <param name="Bytes">Memory of the decoder and of the frames that wait in this process.</param>
internal readonly record struct DecodeCost(int Threads, long Bytes)
{
    // More bring no speed, and ffmpeg takes no more either.
    private const int MaxThreads = 16;
    private const int ReferenceFrames = 8;
    private const int StillFrames = 2;
    private const int FilteredFrames = 4;
    private const int OwnFrames = 3;
    private const int BytesPerPixel = 3;
    private const int AlphaFrames = 2;
    private const int AlphaBytesPerPixel = 4;
    private const long Program = 64L << 20;

    /// <summary>The cost with as many threads as fit into a budget; with one where none does.</summary>
    public static DecodeCost Within(long budget, SourceStream source, int width, int height, int readAhead)
    {
        int threads = Math.Min(Environment.ProcessorCount, MaxThreads);
        while (threads > 1 && Of(threads, source, width, height, readAhead).Bytes > budget)
        {
            threads--;
        }

        return Of(threads, source, width, height, readAhead);
    }

    private static DecodeCost Of(int threads, SourceStream source, int width, int height, int readAhead)
    {
        double decoded = (double)source.Info.Width * source.Info.Height * SourceBytesPerPixel(source)
            * (source.IsStill ? StillFrames : ReferenceFrames + threads);
        double unmixed = source.HasAlpha ? (double)source.Info.Width * source.Info.Height * AlphaBytesPerPixel * AlphaFrames : 0;
        double made = (double)width * height * BytesPerPixel * (FilteredFrames + OwnFrames + readAhead);
        return new DecodeCost(threads, Program + (long)(decoded + unmixed + made));
    }

    private static double SourceBytesPerPixel(SourceStream source)
    {
        string format = source.Info.PixelFormat ?? "";
        double samples = format.Contains("420", StringComparison.Ordinal) || format.StartsWith("nv", StringComparison.Ordinal) ? 1.5
            : format.Contains("422", StringComparison.Ordinal) ? 2
            : format.StartsWith("gray", StringComparison.Ordinal) || format.StartsWith("pal", StringComparison.Ordinal) ? 1
            : 4;
        return samples * (source.Info.BitDepth > 8 ? 2 : 1);
    }
}
