using MedGen.Dicom.DataSets;
using MedGen.Dicom.Pixels;
using MedGen.Sdk.Errors;

namespace MedGen.Dicom.Web;

/// <summary>A frame of a file as bytes: as it is stored, or uncompressed (PS3.18, 8.7.3).</summary>
public static class StoredFrame
{
    private const int Largest = 1 << 28;
    private const string Uncompressed = "application/octet-stream";

    /// <summary>Reads a frame.</summary>
    /// <param name="file">The file.</param>
    /// <param name="index">The frame, from 0.</param>
    /// <param name="asStored">Whether a compressed frame is given as it is; false: uncompressed, in little endian.</param>
    /// <param name="decoding">How compressed pictures are decoded.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The frame with its media type.</returns>
    /// <exception cref="MediaException">There is no such frame, or it cannot be decoded.</exception>
    /// <exception cref="FailedPreconditionException">
    /// Uncompressed it would be other than the data set says (<c>FRAME_NOT_AS_DESCRIBED</c>), or what decodes it is not installed.
    /// </exception>
    public static async Task<RetrievedPart> ReadAsync(
        DicomFile file, int index, bool asStored, DicomDecoding decoding, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(file);
        using DicomImage image = DicomImage.Open(file, decoding);
        if (index < 0 || index >= image.FrameCount)
        {
            throw new MediaException(file.Name, $"got the frame {index + 1}; there are {image.FrameCount}, from 1.");
        }

        if (asStored && file.TransferSyntax.Pixels is PixelCoding.Rle or PixelCoding.Picture)
        {
            return new RetrievedPart(TypeOf(file.TransferSyntax), Compressed(file, index, image.FrameCount));
        }

        PixelDescription described = PixelDescription.Read(file.DataSet);
        (ReadOnlyMemory<byte> frame, PixelDescription decoded) = await image.ReadStoredAsync(index, cancellationToken).ConfigureAwait(false);
        return decoded.Photometric == described.Photometric && decoded.BytesPerSample == described.BytesPerSample
            && decoded.BitsStored == described.BitsStored
            ? new RetrievedPart(Uncompressed, frame)
            : throw new FailedPreconditionException(
                "FRAME_NOT_AS_DESCRIBED", $"Uncompressed the frame is {decoded.Photometric} of {decoded.BitsStored} bits, the data set says "
                    + $"{described.Photometric} of {described.BitsStored}; ask for transfer-syntax=*.");
    }

    private static byte[] Compressed(DicomFile file, int index, int frames)
    {
        IReadOnlyList<DicomBulk> fragments = FragmentMap.Of(file.DataSet, file.DataSet.Find(DicomTags.PixelData)!, frames)[index];
        long length = fragments.Sum(fragment => fragment.Length);
        if (length > Largest)
        {
            throw new MediaException(file.Name, $"the frame has {length} bytes; at most {Largest} are given.");
        }

        byte[] bytes = new byte[length];
        int at = 0;
        foreach (DicomBulk fragment in fragments)
        {
            fragment.Read(0, bytes.AsSpan(at, (int)fragment.Length));
            at += (int)fragment.Length;
        }

        return bytes;
    }

    // PS3.18, table 8.7.3-4.
    private static string TypeOf(DicomTransferSyntax syntax) => (syntax.Pixels == PixelCoding.Rle ? "image/dicom-rle"
        : syntax.Uid switch
        {
            "1.2.840.10008.1.2.4.80" or "1.2.840.10008.1.2.4.81" => "image/jls",
            "1.2.840.10008.1.2.4.90" or "1.2.840.10008.1.2.4.91" => "image/jp2",
            _ => "image/jpeg",
        }) + $"; transfer-syntax={syntax.Uid}";
}
