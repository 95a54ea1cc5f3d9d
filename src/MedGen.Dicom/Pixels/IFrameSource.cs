namespace MedGen.Dicom.Pixels;

/// <summary>Uncompressed frames, in little endian, as their description says.</summary>
internal interface IFrameSource : IDisposable
{
    /// <summary>How the frames that it gives are stored, whatever they were in the file.</summary>
    PixelDescription Description { get; }

    /// <summary>One frame.</summary>
    /// <param name="index">From 0.</param>
    /// <param name="cancellationToken">Stops the decoding.</param>
    ValueTask<ReadOnlyMemory<byte>> ReadAsync(int index, CancellationToken cancellationToken);
}
