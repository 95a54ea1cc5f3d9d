using MedGen.Dicom.DataSets;
using MedGen.Sdk.Errors;

namespace MedGen.Dicom.Pixels;

/// <summary>Coloured pixels as RGB of 8 bits (PS3.3, C.7.6.3.1.2).</summary>
internal sealed class ColourFrames
{
    private readonly LookupTable[] _palette = [];

    public ColourFrames(DicomDataSet set, PixelDescription description)
    {
        if (description.Photometric == "PALETTE COLOR")
        {
            _palette =
            [
                .. Enumerable.Range(0, 3).Select(channel => LookupTable.Read(
                    set, new DicomTag(DicomTags.RedLutDescriptor.Value + (uint)channel), new DicomTag(DicomTags.RedLutData.Value + (uint)channel),
                    new DicomTag(DicomTags.RedSegmentedLutData.Value + (uint)channel), description.IsSigned)),
            ];
        }
        else if (description.Photometric == "YBR_PARTIAL_420")
        {
            throw new MediaException(
                set.Name, $"{set.Name}: {DicomTags.PhotometricInterpretation} is 'YBR_PARTIAL_420', which is read in films "
                    + "(MPEG-2, H.264, HEVC) only.");
        }
    }

    /// <summary>Which index of the palette is darkest; 0 without one.</summary>
    public int DarkestIndex(int bits) => _palette.Length == 0 ? 0
        : Enumerable.Range(0, 1 << bits).MinBy(index => _palette.Sum(channel => (long)channel[index] << (16 - channel.Bits)));

    /// <summary>Converts a frame.</summary>
    /// <param name="frame">Stored bytes.</param>
    /// <param name="description">How they are stored.</param>
    /// <param name="rgb">R, G, B for each pixel.</param>
    public void Convert(ReadOnlySpan<byte> frame, PixelDescription description, Span<byte> rgb)
    {
        int pixels = description.Rows * description.Columns;
        int shift = description.HighBit - 7;
        bool isYbr = description.Photometric is "YBR_FULL" or "YBR_FULL_422";
        Span<int> sample = stackalloc int[3];
        for (int pixel = 0; pixel < pixels; pixel++)
        {
            if (_palette.Length > 0)
            {
                int unused = description.HighBit + 1 - description.BitsStored;
                int index = (Stored(frame, pixel, description) >> unused) & ((1 << description.BitsStored) - 1);
                for (int channel = 0; channel < 3; channel++)
                {
                    int entry = _palette[channel][index];
                    rgb[(3 * pixel) + channel] = (byte)Math.Min(255, _palette[channel].Bits > 8 ? entry >> (_palette[channel].Bits - 8) : entry);
                }

                continue;
            }

            for (int channel = 0; channel < 3; channel++)
            {
                int place = description.Photometric == "YBR_FULL_422" ? Place422(pixel, channel)
                    : description.IsPlanar ? (channel * pixels) + pixel
                    : (3 * pixel) + channel;
                int value = Stored(frame, place, description);
                sample[channel] = (shift >= 0 ? value >> shift : value << -shift) & 0xFF;
            }

            if (isYbr)
            {
                (int y, int cb, int cr) = (sample[0], sample[1] - 128, sample[2] - 128);
                rgb[3 * pixel] = Level(y + (1.402 * cr));
                rgb[(3 * pixel) + 1] = Level(y - (0.344136 * cb) - (0.714136 * cr));
                rgb[(3 * pixel) + 2] = Level(y + (1.772 * cb));
            }
            else
            {
                for (int channel = 0; channel < 3; channel++)
                {
                    rgb[(3 * pixel) + channel] = (byte)sample[channel];
                }
            }
        }
    }

    // Y1 Y2 Cb Cr for two pixels.
    private static int Place422(int pixel, int channel) => (4 * (pixel / 2)) + (channel == 0 ? pixel % 2 : 1 + channel);

    private static int Stored(ReadOnlySpan<byte> frame, int place, PixelDescription description) =>
        description.BytesPerSample == 1 ? frame[place] : frame[2 * place] | (frame[(2 * place) + 1] << 8);

    private static byte Level(double value) => (byte)Math.Clamp((int)Math.Round(value), 0, 255);
}
