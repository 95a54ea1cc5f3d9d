using MedGen.Sdk.Frames;

namespace MedGen.PluginHost.Isolation;

/// <summary>What a worker may send of a clip that it makes: frames no larger, and no more of them, than were asked for.</summary>
internal sealed class FrameLimit(int width, int height, int count)
{
    private int _taken;

    /// <summary>Looks at a frame.</summary>
    /// <param name="frame">The frame; null: there is none.</param>
    /// <param name="counts">Whether it is one of the clip.</param>
    /// <exception cref="InvalidDataException">It is larger, or one too many.</exception>
    public void Check(VideoFrame? frame, bool counts)
    {
        if (frame is not null && (frame.Width > width || frame.Height > height || (counts && ++_taken > count)))
        {
            throw new InvalidDataException($"A frame of {frame.Width}x{frame.Height} px is larger than was asked for, or one too many.");
        }
    }
}
