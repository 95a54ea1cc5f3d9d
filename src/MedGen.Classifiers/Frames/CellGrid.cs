namespace MedGen.Classifiers.Frames;

/// <summary>A coarse map of which parts of a box differ from its ground.</summary>
internal sealed class CellGrid
{
    /// <summary>A cell counts as filled from this share of its pixels on.</summary>
    private const double FilledShare = 0.3;

    /// <summary>Components below this share of the largest are left out.</summary>
    private const double SmallShare = 0.15;

    private readonly bool[] _filled;
    private readonly int _columns;
    private readonly int _rows;

    private CellGrid(bool[] filled, int columns, int rows, int cellSize)
    {
        _filled = filled;
        _columns = columns;
        _rows = rows;
        CellSize = cellSize;
    }

    /// <summary>Side of a cell in px.</summary>
    public int CellSize { get; }

    public static CellGrid Occupied(PixelPlane pixels, ContentBox box, int ground, int tolerance, int cells)
    {
        int size = Math.Max(1, (Math.Max(box.Width, box.Height) + cells - 1) / cells);
        int columns = (box.Width + size - 1) / size;
        int rows = (box.Height + size - 1) / size;
        bool[] filled = new bool[columns * rows];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                var cell = new ContentBox(
                    box.Left + (column * size),
                    box.Top + (row * size),
                    Math.Min(size, box.Width - (column * size)),
                    Math.Min(size, box.Height - (row * size)));
                filled[(row * columns) + column] = pixels.CountUnlike(cell, ground, tolerance) >= FilledShare * cell.Width * cell.Height;
            }
        }

        return new CellGrid(filled, columns, rows, size);
    }

    /// <summary>Morphological opening by 3x3 cells: what is thinner than three cells goes, the rest keeps its outline.</summary>
    public CellGrid Opened() => Filter(all: true).Filter(all: false);

    /// <summary>The box, in cells, around the large connected parts; null when nothing is filled.</summary>
    public ContentBox? LargeComponents()
    {
        List<(int Area, ContentBox Box)> parts = Components();
        if (parts.Count == 0)
        {
            return null;
        }

        int largest = parts.Max(p => p.Area);
        var kept = parts.Where(p => p.Area >= SmallShare * largest).Select(p => p.Box).ToList();
        int left = kept.Min(b => b.Left);
        int top = kept.Min(b => b.Top);
        return new ContentBox(left, top, kept.Max(b => b.Left + b.Width) - left, kept.Max(b => b.Top + b.Height) - top);
    }

    private List<(int Area, ContentBox Box)> Components()
    {
        var parts = new List<(int, ContentBox)>();
        bool[] seen = new bool[_filled.Length];
        var open = new Stack<int>();
        for (int start = 0; start < _filled.Length; start++)
        {
            if (!_filled[start] || seen[start])
            {
                continue;
            }

            (int area, int left, int top, int right, int bottom) = (0, _columns, _rows, 0, 0);
            seen[start] = true;
            open.Push(start);
            while (open.TryPop(out int cell))
            {
                (int row, int column) = Math.DivRem(cell, _columns);
                area++;
                (left, right) = (Math.Min(left, column), Math.Max(right, column));
                (top, bottom) = (Math.Min(top, row), Math.Max(bottom, row));
                foreach ((int dx, int dy) in ((int, int)[])[(1, 0), (-1, 0), (0, 1), (0, -1)])
                {
                    (int x, int y) = (column + dx, row + dy);
                    if (x >= 0 && y >= 0 && x < _columns && y < _rows && _filled[(y * _columns) + x] && !seen[(y * _columns) + x])
                    {
                        seen[(y * _columns) + x] = true;
                        open.Push((y * _columns) + x);
                    }
                }
            }

            parts.Add((area, new ContentBox(left, top, right - left + 1, bottom - top + 1)));
        }

        return parts;
    }

    /// <summary>A cell of the result is filled when all (or any) of its neighbourhood is; outside the grid counts as the edge cell itself.</summary>
    private CellGrid Filter(bool all)
    {
        bool[] result = new bool[_filled.Length];
        for (int row = 0; row < _rows; row++)
        {
            for (int column = 0; column < _columns; column++)
            {
                bool value = all;
                for (int y = Math.Max(0, row - 1); y <= Math.Min(_rows - 1, row + 1); y++)
                {
                    for (int x = Math.Max(0, column - 1); x <= Math.Min(_columns - 1, column + 1); x++)
                    {
                        value = all ? value && _filled[(y * _columns) + x] : value || _filled[(y * _columns) + x];
                    }
                }

                result[(row * _columns) + column] = value;
            }
        }

        return new CellGrid(result, _columns, _rows, CellSize);
    }
}
