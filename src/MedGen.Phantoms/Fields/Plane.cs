namespace MedGen.Phantoms.Fields;

/// <summary>One channel of a picture, or any scalar field on a grid: float32, row-major.</summary>
/// <param name="width">Columns, at least 1.</param>
/// <param name="height">Rows, at least 1.</param>
internal sealed class Plane(int width, int height)
{
    /// <summary>Columns.</summary>
    public int Width { get; } = width;

    /// <summary>Rows.</summary>
    public int Height { get; } = height;

    /// <summary>The values; <c>Height · Width</c> of them.</summary>
    public float[] Values { get; } = new float[width * height];

    /// <summary>One value.</summary>
    public ref float this[int x, int y] => ref Values[(y * Width) + x];

    /// <summary>One row.</summary>
    public Span<float> Row(int y) => Values.AsSpan(y * Width, Width);

    /// <summary>The value between grid points, bilinear; beyond the border the border's value.</summary>
    public float Sample(float x, float y)
    {
        x = Math.Clamp(x, 0, Width - 1);
        y = Math.Clamp(y, 0, Height - 1);
        int column = Math.Min((int)x, Math.Max(Width - 2, 0));
        int row = Math.Min((int)y, Math.Max(Height - 2, 0));
        (float u, float v) = (x - column, y - row);
        int at = (row * Width) + column;
        int right = Width > 1 ? 1 : 0;
        int below = Height > 1 ? Width : 0;
        float upper = Values[at] + (u * (Values[at + right] - Values[at]));
        float lower = Values[at + below] + (u * (Values[at + below + right] - Values[at + below]));
        return upper + (v * (lower - upper));
    }
}
