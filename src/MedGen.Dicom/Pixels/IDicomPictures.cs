using MedGen.Sdk.Frames;

namespace MedGen.Dicom.Pixels;

/// <summary>Pictures of one size in an order: the frames of a file, or the slices of a folder.</summary>
public interface IDicomPictures : IDisposable
{
    /// <summary>Width in px.</summary>
    int Width { get; }

    /// <summary>Height in px.</summary>
    int Height { get; }

    /// <summary>Number of frames.</summary>
    int FrameCount { get; }

    /// <summary>Bits of a sample.</summary>
    int BitsStored { get; }

    /// <summary>(0028,0004) Photometric Interpretation.</summary>
    string Photometric { get; }

    /// <summary>When frames are shown; null for a single one.</summary>
    FrameTimes? Times { get; }

    /// <summary>What the values of the modality measure; null: the pictures are coloured, or their values do not fit into 16 bits.</summary>
    ValueScale? Values { get; }

    /// <summary>Size of a pixel; null: not stated.</summary>
    PixelSpacing? Spacing { get; }

    /// <summary>With what they were recorded; null: not stated.</summary>
    Acquisition? Acquisition { get; }

    /// <summary>Decodes a frame to the values of the modality.</summary>
    /// <param name="index">The frame, from 0.</param>
    /// <param name="cancellationToken">Stops the decoding.</param>
    /// <returns>The frame in <see cref="FrameFormat.Gray16"/>, as <see cref="Values"/> says, which the caller disposes.</returns>
    /// <exception cref="InvalidOperationException"><see cref="Values"/> is null.</exception>
    /// <exception cref="Sdk.Errors.MediaException">It cannot be decoded.</exception>
    /// <exception cref="Sdk.Errors.FailedPreconditionException">The decoder is not installed (<c>GDCM_MISSING</c>).</exception>
    Task<VideoFrame> ReadGray16Async(int index, CancellationToken cancellationToken);

    /// <summary>Decodes a frame as it is shown.</summary>
    /// <param name="index">The frame, from 0.</param>
    /// <param name="cancellationToken">Stops the decoding.</param>
    /// <returns>The frame, with its index and time, which the caller disposes.</returns>
    /// <exception cref="Sdk.Errors.MediaException">It cannot be decoded.</exception>
    /// <exception cref="Sdk.Errors.FailedPreconditionException">The decoder is not installed (<c>GDCM_MISSING</c>).</exception>
    Task<VideoFrame> ReadFrameAsync(int index, CancellationToken cancellationToken);
}
