namespace MedGen.Sdk.Frames;

/// <summary>How the pixels of a frame lie in memory: row-major, without padding.</summary>
public enum FrameFormat
{
    /// <summary>Colours as they are shown: R, G, B, a byte each, 0 to 255. What every clip has, and the default everywhere.</summary>
    Rgb24,

    /// <summary>Brightness as it is shown, a byte, 0 to 255: the luma of <see cref="Rgb24"/> by the weights of ITU-R BT.601.</summary>
    Gray8,

    /// <summary>
    /// Values as the file has them, not as they are shown: 16 bits, unsigned, in the byte order of the machine. <see cref="VideoInfo.Values"/> says
    /// what they measure. Only of clips that have such values.
    /// </summary>
    Gray16,
}
