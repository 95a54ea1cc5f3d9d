using MedGen.Sdk.Frames;

namespace InstrumentSegmenter;

/// <summary>Pixels that touch each other and have the colour of metal: bright enough, and nearly grey.</summary>
internal sealed record MetalRegion
{
    private const int LeastBrightness = 70;
    private const double MostSaturation = 0.2;

    /// <summary>Lengths of runs outside and inside, in turn, row by row over the frame.</summary>
    public required IReadOnlyList<int> Runs { get; init; }

    /// <summary>How grey it is in the mean, 0 (as coloured as metal may be) to 1.</summary>
    public required double Greyness { get; init; }

    /// <summary>Finds the regions of a frame, from the top.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="leastPixels">Smaller ones are left out.</param>
    public static IReadOnlyList<MetalRegion> Find(VideoFrame frame, int leastPixels)
    {
        double[] saturation = Saturations(frame);
        int[] regionOf = new int[saturation.Length]; // 0: in none yet
        List<MetalRegion> found = [];
        int last = 0;
        for (int start = 0; start < saturation.Length; start++)
        {
            if (saturation[start] <= MostSaturation && regionOf[start] == 0)
            {
                List<int> pixels = Fill(start, ++last, frame.Width, saturation, regionOf);
                if (pixels.Count >= leastPixels)
                {
                    double mean = pixels.Average(pixel => saturation[pixel]);
                    found.Add(new MetalRegion { Runs = RunsOf(last, regionOf), Greyness = 1 - (mean / MostSaturation) });
                }
            }
        }

        return found;
    }

    // [H · W]: 0 grey to 1 coloured; 1 also where it is too dark to tell.
    private static double[] Saturations(VideoFrame frame)
    {
        ReadOnlySpan<byte> pixels = frame.Pixels.Span;
        double[] saturation = new double[frame.Width * frame.Height];
        for (int i = 0; i < saturation.Length; i++)
        {
            (byte red, byte green, byte blue) = (pixels[3 * i], pixels[(3 * i) + 1], pixels[(3 * i) + 2]);
            int most = Math.Max(red, Math.Max(green, blue));
            int least = Math.Min(red, Math.Min(green, blue));
            saturation[i] = most < LeastBrightness ? 1 : (most - least) / (double)most;
        }

        return saturation;
    }

    private static List<int> Fill(int start, int region, int width, double[] saturation, int[] regionOf)
    {
        List<int> pixels = [];
        Stack<int> open = new([start]);
        regionOf[start] = region;
        while (open.TryPop(out int at))
        {
            pixels.Add(at);
            int column = at % width;
            foreach (int next in (ReadOnlySpan<int>)
            [
                column > 0 ? at - 1 : -1, column < width - 1 ? at + 1 : -1, at - width, at + width,
            ])
            {
                if (next >= 0 && next < saturation.Length && regionOf[next] == 0 && saturation[next] <= MostSaturation)
                {
                    regionOf[next] = region;
                    open.Push(next);
                }
            }
        }

        return pixels;
    }

    private static List<int> RunsOf(int region, int[] regionOf)
    {
        List<int> runs = [];
        bool isInside = false;
        int length = 0;
        foreach (int other in regionOf)
        {
            if (other == region != isInside)
            {
                runs.Add(length);
                (isInside, length) = (!isInside, 0);
            }

            length++;
        }

        runs.Add(length);
        return runs;
    }
}
