namespace MedGen.Classifiers.Frames;

/// <summary>
/// A parallelogram in a picture, in units of the picture's side: origin, the vector along a view's row and the one down its column.
/// </summary>
/// <param name="X">Origin, from the left.</param>
/// <param name="Y">Origin, from the top.</param>
/// <param name="AlongX">Horizontal part of the row vector.</param>
/// <param name="AlongY">Vertical part of the row vector.</param>
/// <param name="DownX">Horizontal part of the column vector.</param>
/// <param name="DownY">Vertical part of the column vector.</param>
public readonly record struct PictureWindow(double X, double Y, double AlongX, double AlongY, double DownX, double DownY)
{
    /// <summary>A window with sides parallel to the picture's.</summary>
    /// <param name="left">Left side.</param>
    /// <param name="top">Upper side.</param>
    /// <param name="width">Width.</param>
    /// <param name="height">Height.</param>
    /// <returns>The window.</returns>
    public static PictureWindow Upright(double left, double top, double width, double height) => new(left, top, width, 0, 0, height);

    /// <summary>Samples the window bilinearly; beyond the picture its edge is repeated.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="side">Width and height of the view in px.</param>
    /// <param name="view">Takes 3 · side · side values, 0 … 1, planes R, G, B.</param>
    public void Sample(FramePicture picture, int side, Span<float> view)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ReadOnlySpan<byte> pixels = picture.Pixels;
        const int Last = FramePicture.Side - 1;
        int plane = side * side;
        for (int row = 0; row < side; row++)
        {
            double down = (row + 0.5) / side;
            for (int column = 0; column < side; column++)
            {
                double along = (column + 0.5) / side;
                float x = (float)Math.Clamp(((X + (along * AlongX) + (down * DownX)) * FramePicture.Side) - 0.5, 0, Last);
                float y = (float)Math.Clamp(((Y + (along * AlongY) + (down * DownY)) * FramePicture.Side) - 0.5, 0, Last);
                (int x0, int y0) = ((int)x, (int)y);
                (float fx, float fy) = (x - x0, y - y0);
                int right = x0 < Last ? 3 : 0;
                int below = y0 < Last ? FramePicture.Side * 3 : 0;
                int at = ((y0 * FramePicture.Side) + x0) * 3;
                for (int channel = 0; channel < 3; channel++, at++)
                {
                    float upper = pixels[at] + (fx * (pixels[at + right] - pixels[at]));
                    float lower = pixels[at + below] + (fx * (pixels[at + below + right] - pixels[at + below]));
                    view[(channel * plane) + (row * side) + column] = (upper + (fy * (lower - upper))) / 255f;
                }
            }
        }
    }
}
