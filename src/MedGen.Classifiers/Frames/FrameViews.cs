using TorchSharp;

namespace MedGen.Classifiers.Frames;

/// <summary>The views of a picture that are classified and averaged: the whole, the middle and four corners.</summary>
public static class FrameViews
{
    private static readonly (double Left, double Top, double Size)[] Windows =
        [(0, 0, 1), (0.15, 0.15, 0.7), (0, 0, 0.62), (0.38, 0, 0.62), (0, 0.38, 0.62), (0.38, 0.38, 0.62)];

    /// <summary>Views per picture.</summary>
    public static int Count => Windows.Length;

    /// <summary>Makes the views of pictures.</summary>
    /// <param name="pictures">At least one.</param>
    /// <param name="viewSide">Width and height of a view in px.</param>
    /// <returns>[pictures · Count, 3, viewSide, viewSide], float32, 0 … 1, RGB, on the CPU; the views of one picture follow each other.</returns>
    public static torch.Tensor Of(IReadOnlyList<FramePicture> pictures, int viewSide)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentOutOfRangeException.ThrowIfZero(pictures.Count, nameof(pictures));
        int length = 3 * viewSide * viewSide;
        float[] values = new float[pictures.Count * Windows.Length * length];
        Parallel.For(0, pictures.Count * Windows.Length, i =>
        {
            (double left, double top, double size) = Windows[i % Windows.Length];
            var window = PictureWindow.Upright(left, top, size, size);
            window.Sample(pictures[i / Windows.Length], viewSide, values.AsSpan(i * length, length));
        });
        return torch.tensor(values, [pictures.Count * Windows.Length, 3, viewSide, viewSide]);
    }
}
