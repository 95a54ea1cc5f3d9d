using System.Globalization;
using MedGen.Dicom.DataSets;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Dicom.Writing;

/// <summary>Frames as a Multi-frame Secondary Capture, uncompressed: true colour, or grey bytes. Frames go to a temporary file one by one.</summary>
public static class SecondaryCapture
{
    private const string TrueColour = "1.2.840.10008.5.1.4.1.1.7.4";
    private const string GreyByte = "1.2.840.10008.5.1.4.1.1.7.2";

    /// <summary>Writes a file, whole or not at all, and disposes the frames.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="frames">At least one frame, all of the size of the first, at most 65,535 px wide and high, together below 4 GiB.</param>
    /// <param name="framesPerSecond">Above 0; null for a still.</param>
    /// <param name="isGrey">Whether red, green and blue are the same and one of them is written.</param>
    /// <param name="about">What the object says of itself.</param>
    /// <param name="cancellationToken">Stops; nothing is left.</param>
    /// <returns>How many frames were written.</returns>
    /// <exception cref="InvalidInputException">There is no frame, one has another size, is coloured though grey was said, or they are too
    /// many.</exception>
    public static async Task<int> WriteAsync(
        string path, IAsyncEnumerable<VideoFrame> frames, double? framesPerSecond, bool isGrey, ResultObject about,
            CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentNullException.ThrowIfNull(about);
        (int count, int width, int height) = (0, 0, 0);
        using DicomSource pixels = await DicomSource.TemporaryAsync(Path.GetFileName(path), async target =>
        {
            await foreach (VideoFrame frame in frames.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                using (frame)
                {
                    (width, height) = count == 0 ? (frame.Width, frame.Height) : (width, height);
                    Check(frame, width, height, count, isGrey);
                    await target.WriteAsync(isGrey ? Grey(frame, count) : frame.Pixels, cancellationToken).ConfigureAwait(false);
                    count++;
                }
            }
        }).ConfigureAwait(false);
        if (count == 0)
        {
            throw new InvalidInputException("frames", "there is no frame; at least one is needed.");
        }

        DicomWriter.Write(path, Describe(pixels, count, width, height, framesPerSecond, isGrey, about), DicomTransferSyntax.ExplicitLittleEndian,
            cancellationToken);
        return count;
    }

    private static DicomDataSet Describe(
        DicomSource pixels, int count, int width, int height, double? framesPerSecond, bool isGrey, ResultObject about)
    {
        DicomDataSet set = about.Common(isGrey ? GreyByte : TrueColour, about.Modality);
        set.SetText(new(0x0008_0008), "DERIVED", "SECONDARY");
        set.SetText(new(0x0008_0064), about.ProvenanceId is null ? "WSD" : "SYN");
        set.SetText(new(0x0020_0020));
        set.SetText(new(0x0020_0060));
        set.SetShort(DicomTags.SamplesPerPixel, (ushort)(isGrey ? 1 : 3));
        set.SetText(DicomTags.PhotometricInterpretation, isGrey ? "MONOCHROME2" : "RGB");
        set.SetText(DicomTags.NumberOfFrames, count.ToString(CultureInfo.InvariantCulture));
        set.SetShort(DicomTags.Rows, (ushort)height);
        set.SetShort(DicomTags.Columns, (ushort)width);
        set.SetShort(DicomTags.BitsAllocated, 8);
        set.SetShort(DicomTags.BitsStored, 8);
        set.SetShort(DicomTags.HighBit, 7);
        set.SetShort(DicomTags.PixelRepresentation, 0);
        set.SetText(new(0x0028_0301), "NO");
        if (isGrey)
        {
            set.SetText(DicomTags.RescaleIntercept, "0");
            set.SetText(DicomTags.RescaleSlope, "1");
            set.SetText(new(0x0028_1054), "US");
            set.SetText(DicomTags.PresentationLutShape, "IDENTITY");
        }
        else
        {
            set.SetShort(DicomTags.PlanarConfiguration, 0);
        }

        if (framesPerSecond is { } rate && count > 1)
        {
            set.SetText(DicomTags.FrameTime, (1000 / rate).ToString("0.######", CultureInfo.InvariantCulture));
            set.SetBytes(DicomTags.FrameIncrementPointer, DicomVr.AT, new byte[] { 0x18, 0x00, 0x63, 0x10 });
        }

        set.Set(new DicomElement(DicomTags.PixelData, DicomVr.OB) { Bulk = new DicomBulk(pixels, 0, pixels.Length) });
        return set;
    }

    private static void Check(VideoFrame frame, int width, int height, int index, bool isGrey)
    {
        if (frame.Width != width || frame.Height != height || width > ushort.MaxValue || height > ushort.MaxValue)
        {
            throw new InvalidInputException(
                "frames", $"frame {index} has {frame.Width}x{frame.Height} px, the first {width}x{height}; one size of at most "
                    + "65535 each is allowed.");
        }

        if ((index + 1L) * width * height * (isGrey ? 1 : 3) > uint.MaxValue - 1)
        {
            throw new InvalidInputException("frames",
                $"{index + 1} frames of {width}x{height} px have more than the 4 GiB of one object; write a video.");
        }
    }

    private static ReadOnlyMemory<byte> Grey(VideoFrame frame, int index)
    {
        ReadOnlySpan<byte> rgb = frame.Pixels.Span;
        byte[] grey = new byte[rgb.Length / 3];
        for (int pixel = 0; pixel < grey.Length; pixel++)
        {
            grey[pixel] = rgb[3 * pixel];
            if (rgb[(3 * pixel) + 1] != grey[pixel] || rgb[(3 * pixel) + 2] != grey[pixel])
            {
                throw new InvalidInputException("frames", $"frame {index} is coloured; only grey ones are written as MONOCHROME2.");
            }
        }

        return grey;
    }
}
