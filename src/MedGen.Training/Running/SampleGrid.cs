using MedGen.Sdk.Frames;
using MedGen.Media.Images;

namespace MedGen.Training.Running;

/// <summary>Pictures of one size in rows and columns, as one PNG.</summary>
internal static class SampleGrid
{
    private const int Gap = 2;

    /// <summary>Writes a grid.</summary>
    /// <param name="path">PNG file.</param>
    /// <param name="rows">R, G, B bytes of each picture, row by row; all rows have as many pictures.</param>
    /// <param name="width">Width of a picture in px.</param>
    /// <param name="height">Height of a picture in px.</param>
    /// <param name="provenanceId">Identity of the model that made them, which the file then names; null: not generated.</param>
    public static void Write(string path, IReadOnlyList<IReadOnlyList<ReadOnlyMemory<byte>>> rows, int width, int height, string? provenanceId)
    {
        int columns = rows.Max(row => row.Count);
        using VideoFrame canvas = VideoFrame.Rent((columns * (width + Gap)) - Gap, (rows.Count * (height + Gap)) - Gap);
        Span<byte> pixels = canvas.WritablePixels.Span;
        pixels.Fill(byte.MaxValue);
        for (int row = 0; row < rows.Count; row++)
        {
            for (int column = 0; column < rows[row].Count; column++)
            {
                for (int y = 0; y < height; y++)
                {
                    int start = ((((row * (height + Gap)) + y) * canvas.Width) + (column * (width + Gap))) * 3;
                    rows[row][column].Span.Slice(y * width * 3, width * 3).CopyTo(pixels[start..]);
                }
            }
        }

        File.WriteAllBytes(path, FrameImage.EncodePng(canvas, provenanceId));
    }
}
