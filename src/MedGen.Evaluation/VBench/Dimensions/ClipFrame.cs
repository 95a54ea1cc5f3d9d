using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Evaluation.VBench.Dimensions;

/// <summary>A frame that is kept longer than its turn in the stream.</summary>
/// <param name="Pixels">[H, W, 3] bytes, R, G, B.</param>
/// <param name="Width">Width in px.</param>
/// <param name="Height">Height in px.</param>
internal sealed record ClipFrame(byte[] Pixels, int Width, int Height)
{
    /// <summary>Copies a frame of a stream.</summary>
    public static ClipFrame Of(VideoFrame frame) => new(frame.Pixels.ToArray(), frame.Width, frame.Height);

    /// <summary>Mean absolute difference of all values of two frames, 0 to 255.</summary>
    /// <exception cref="InvalidInputException">They differ in size.</exception>
    public double DifferenceTo(ClipFrame other)
    {
        if ((Width, Height) != (other.Width, other.Height))
        {
            throw new InvalidInputException("frames", $"got {other.Width}x{other.Height} px after {Width}x{Height} px; allowed: one size in a clip.");
        }

        long sum = 0;
        for (int i = 0; i < Pixels.Length; i++)
        {
            sum += Math.Abs(Pixels[i] - other.Pixels[i]);
        }

        return (double)sum / Pixels.Length;
    }
}
