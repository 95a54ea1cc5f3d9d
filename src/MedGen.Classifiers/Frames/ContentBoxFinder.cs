using MedGen.Sdk.Frames;

namespace MedGen.Classifiers.Frames;

/// <summary>
/// Finds the content of a frame: letterbox bars, the plain ground around a fan, a disc or a body, and thin print beside it are left out.
/// They tell the device and the archive, not what the picture shows.
/// </summary>
public static class ContentBoxFinder
{
    /// <summary>Largest difference in any channel, in 8-bit steps, that still counts as the plain ground (room for compression noise).</summary>
    private const int Tolerance = 16;

    /// <summary>Cells along the longer side in which print (thinner than three cells) is told from content.</summary>
    private const int GridCells = 64;

    private const int MaxPasses = 4;

    /// <summary>Finds the content box of a frame.</summary>
    /// <param name="frame">The frame; not changed.</param>
    /// <returns>The box; the whole frame when it is plain, or when its content reaches the edges.</returns>
    public static ContentBox Find(VideoFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        var pixels = new PixelPlane(frame.Pixels.Span, frame.Width);
        var whole = new ContentBox(0, 0, frame.Width, frame.Height);
        ContentBox box = whole;
        for (int pass = 0; pass < MaxPasses; pass++)
        {
            ContentBox next = DropPrint(pixels, TrimBars(pixels, box));
            if (next == box)
            {
                break;
            }

            box = next;
        }

        // A few stray pixels are no content: such a frame is judged as a whole.
        return box.Width < 8 || box.Height < 8 ? whole : box;
    }

    private static ContentBox TrimBars(PixelPlane pixels, ContentBox box)
    {
        int top = CountBars(box.Height, i => (0, i), box, pixels, horizontal: true);
        if (top == box.Height)
        {
            return box;
        }

        int bottom = CountBars(box.Height, i => (0, box.Height - 1 - i), box, pixels, horizontal: true);
        if (top + bottom >= box.Height)
        {
            // A soft gradient is like its upper edge as far as the middle, and like its lower edge: no bars.
            return box;
        }

        var rows = new ContentBox(box.Left, box.Top + top, box.Width, box.Height - top - bottom);
        int left = CountBars(rows.Width, i => (i, 0), rows, pixels, horizontal: false);
        if (left == rows.Width)
        {
            return box;
        }

        int right = CountBars(rows.Width, i => (rows.Width - 1 - i, 0), rows, pixels, horizontal: false);
        return left + right >= rows.Width ? box : new ContentBox(rows.Left + left, rows.Top, rows.Width - left - right, rows.Height);
    }

    /// <summary>How many lines, counted inwards from one edge, are plain and of the colour of the outermost one.</summary>
    private static int CountBars(int lines, Func<int, (int X, int Y)> start, ContentBox box, PixelPlane pixels, bool horizontal)
    {
        int length = horizontal ? box.Width : box.Height;
        int ground = -1;
        for (int line = 0; line < lines; line++)
        {
            (int x, int y) = start(line);
            ContentBox strip = horizontal
                ? new ContentBox(box.Left, box.Top + y, box.Width, 1)
                : new ContentBox(box.Left + x, box.Top, 1, box.Height);
            if (ground < 0)
            {
                ground = pixels.Median(strip);
            }

            if (pixels.CountUnlike(strip, ground, Tolerance) > length * 0.02)
            {
                return line;
            }
        }

        return lines;
    }

    private static ContentBox DropPrint(PixelPlane pixels, ContentBox box)
    {
        int ground = pixels.BorderMedian(box, out double share, Tolerance);
        if (share < 0.5)
        {
            return box;
        }

        CellGrid grid = CellGrid.Occupied(pixels, box, ground, Tolerance, GridCells);
        if (grid.Opened().LargeComponents() is not { } cells)
        {
            return box;
        }

        // One cell more on each side: opening takes the half-filled cells of an outline away.
        int left = Math.Max(0, (cells.Left - 1) * grid.CellSize);
        int top = Math.Max(0, (cells.Top - 1) * grid.CellSize);
        int right = Math.Min(box.Width, (cells.Left + cells.Width + 1) * grid.CellSize);
        int bottom = Math.Min(box.Height, (cells.Top + cells.Height + 1) * grid.CellSize);
        var found = new ContentBox(box.Left + left, box.Top + top, right - left, bottom - top);
        return TrimBars(pixels, found);
    }
}
