namespace MedGen.Media;

/// <summary>What a stream of frames is written as.</summary>
public enum VideoFormat
{
    /// <summary>
    /// MP4, H.264 in yuv420p (BT.709, limited range) with the index in front. A frame with an odd side is written in yuv444p: nothing is cut or
    /// padded.
    /// </summary>
    H264,

    /// <summary>
    /// MP4, H.264 in RGB without any loss (libx264rgb, quantizer 0): the pixels come back exactly. ffmpeg plays it, browsers do not.
    /// </summary>
    LosslessH264,

    /// <summary>A folder with <c>000000.png</c>, <c>000001.png</c>, … in the order of the stream.</summary>
    PngSequence,

    /// <summary>An endless animated GIF with a palette per frame; times are rounded to 1/100 s, at most 50 frames/s.</summary>
    Gif,
}
