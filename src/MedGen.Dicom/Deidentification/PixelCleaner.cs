using MedGen.Dicom.DataSets;
using MedGen.Dicom.Pixels;

namespace MedGen.Dicom.Deidentification;

/// <summary>Blanks parts of every frame; what comes out is uncompressed, grey or coloured as it was.</summary>
internal sealed class PixelCleaner
{
    private static readonly DicomTag Manufacturer = new(0x0008_0070);
    private static readonly DicomTag Model = new(0x0008_1090);
    private static readonly DicomTag UltrasoundRegions = new(0x0018_6011);

    private readonly bool[] _isBlank;
    private readonly int _columns;

    private PixelCleaner(int columns, int rows) => (_columns, _isBlank) = (columns, new bool[columns * rows]);

    /// <summary>Blanked pixels of a frame.</summary>
    public long Count => _isBlank.LongCount(one => one);

    /// <summary>What is to be blanked in an object; null: nothing is stated for it.</summary>
    public static PixelCleaner? For(DicomDataSet set, PixelDescription description, DeidentificationProfile profile)
    {
        PixelCleaner cleaner = new(description.Columns, description.Rows);
        BurnedInRegions[] stated = [.. profile.Regions.Where(region => Applies(region, set, description))];
        IReadOnlyList<DicomDataSet> ultrasound = profile.UltrasoundRegions ? set.Items(UltrasoundRegions) : [];
        if (ultrasound.Count > 0)
        {
            Array.Fill(cleaner._isBlank, true);
            foreach (DicomDataSet region in ultrasound)
            {
                (int left, int top) = (region.Whole(new(0x0018_6018)) ?? 0, region.Whole(new(0x0018_601A)) ?? 0);
                cleaner.Fill(
                    left, top, (region.Whole(new(0x0018_601C)) ?? -1) - left + 1, (region.Whole(new(0x0018_601E)) ?? -1) - top + 1, isBlank: false);
            }
        }

        foreach (IReadOnlyList<int> rectangle in stated.SelectMany(region => region.Rectangles))
        {
            cleaner.Fill(rectangle[0], rectangle[1], rectangle[2], rectangle[3], isBlank: true);
        }

        return ultrasound.Count + stated.Length > 0 ? cleaner : null;
    }

    /// <summary>Blanks a stored frame.</summary>
    /// <param name="frame">Its bytes.</param>
    /// <param name="description">How they are stored.</param>
    /// <param name="blackIndex">Which index of a palette is darkest.</param>
    public void Blank(Span<byte> frame, PixelDescription description, int blackIndex)
    {
        int pixels = description.Rows * description.Columns;
        for (int pixel = 0; pixel < pixels; pixel++)
        {
            if (!_isBlank[pixel])
            {
                continue;
            }

            if (description.Photometric == "YBR_FULL_422")
            {
                // Two pixels share their colour: a blank one of a pair loses its light alone, and its colour where both are blank.
                frame[(4 * (pixel / 2)) + (pixel % 2)] = 0;
                if (_isBlank[pixel ^ 1])
                {
                    (frame[(4 * (pixel / 2)) + 2], frame[(4 * (pixel / 2)) + 3]) = (128, 128);
                }

                continue;
            }

            for (int sample = 0; sample < description.Samples; sample++)
            {
                int place = description.IsPlanar ? (sample * pixels) + pixel : (pixel * description.Samples) + sample;
                Set(frame, place, description, Black(description, sample, blackIndex));
            }
        }
    }

    private static int Black(PixelDescription description, int sample, int blackIndex)
    {
        int most = (1 << description.BitsStored) - 1;
        int value = description.Photometric switch
        {
            "PALETTE COLOR" => blackIndex,
            "YBR_FULL" => sample == 0 ? 0 : 1 << (description.BitsStored - 1),
            "MONOCHROME1" => description.IsSigned ? most >> 1 : most,
            "MONOCHROME2" => description.IsSigned ? 1 << (description.BitsStored - 1) : 0,
            _ => 0,
        };
        return value << (description.HighBit + 1 - description.BitsStored);
    }

    private static void Set(Span<byte> frame, int place, PixelDescription description, int value)
    {
        if (description.BytesPerSample == 1)
        {
            frame[place] = (byte)value;
            return;
        }

        (frame[2 * place], frame[(2 * place) + 1]) = ((byte)value, (byte)(value >> 8));
    }

    private void Fill(int left, int top, int width, int height, bool isBlank)
    {
        int rows = _isBlank.Length / _columns;
        for (int y = Math.Max(0, top); y < Math.Min((long)top + height, rows); y++)
        {
            for (int x = Math.Max(0, left); x < Math.Min((long)left + width, _columns); x++)
            {
                _isBlank[(y * _columns) + x] = isBlank;
            }
        }
    }

    private static bool Applies(BurnedInRegions region, DicomDataSet set, PixelDescription description) =>
        string.Equals(set.Text(Manufacturer), region.Manufacturer, StringComparison.OrdinalIgnoreCase)
        && (region.Model is null || string.Equals(set.Text(Model), region.Model, StringComparison.OrdinalIgnoreCase))
        && (region.Columns ?? description.Columns) == description.Columns && (region.Rows ?? description.Rows) == description.Rows;
}
