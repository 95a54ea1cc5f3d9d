using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using MedGen.Sdk.Errors;

namespace MedGen.Classifiers.Training.Dicom;

/// <summary>
/// The frames of a monochrome DICOM file with native (uncompressed) pixel data: implicit or explicit little endian, deflated, explicit big
/// endian (PS3.5 annex A). Values are those of the modality, rescale slope and intercept applied (Hounsfield units for CT).
/// </summary>
internal sealed class DicomSlices
{
    private DicomSlices(int width, int height, bool invert, IReadOnlyList<float[]> frames)
    {
        (Width, Height, IsInverted, Frames) = (width, height, invert, frames);
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>MONOCHROME1: the lowest value is shown white.</summary>
    public bool IsInverted { get; }

    /// <summary>Row-major values, one array a frame.</summary>
    public IReadOnlyList<float[]> Frames { get; }

    /// <summary>Reads a file; null when its pixels are compressed or coloured.</summary>
    /// <exception cref="MediaException">The file is no DICOM file or is cut short.</exception>
    public static DicomSlices? Read(string path)
    {
        string name = Path.GetFileName(path);
        byte[] data = File.ReadAllBytes(path);
        if (data.Length < 140 || Encoding.ASCII.GetString(data, 128, 4) != "DICM")
        {
            throw new MediaException(name, $"{name}: no DICOM file, the mark DICM is missing.");
        }

        try
        {
            DicomDataSet meta = DicomDataSet.Parse(data, 132, explicitVr: true, bigEndian: false, group: 2);
            string syntax = meta.Text(0x0002_0010);
            int start = meta.End;
            if (syntax == "1.2.840.10008.1.2.1.99")
            {
                using var inflated = new MemoryStream();
                using (var deflate = new DeflateStream(new MemoryStream(data, start, data.Length - start), CompressionMode.Decompress))
                {
                    deflate.CopyTo(inflated);
                }

                (data, start) = (inflated.ToArray(), 0);
            }
            else if (syntax is not ("1.2.840.10008.1.2" or "1.2.840.10008.1.2.1" or "1.2.840.10008.1.2.2"))
            {
                return null;
            }

            bool bigEndian = syntax == "1.2.840.10008.1.2.2";
            return Decode(DicomDataSet.Parse(data, start, syntax != "1.2.840.10008.1.2", bigEndian, group: null), bigEndian);
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException or InvalidDataException or FormatException or OverflowException)
        {
            throw new MediaException(
                name, $"{name}: the DICOM data set cannot be read{(e is InvalidDataException ? $": {e.Message}" : ", it is broken or cut short")}.",
                e);
        }
    }

    private static DicomSlices? Decode(DicomDataSet set, bool bigEndian)
    {
        int bits = set.Number(0x0028_0100);
        string photometric = set.Text(0x0028_0004);
        if (set.Number(0x0028_0002) != 1 || bits is not (8 or 16) || photometric is not ("MONOCHROME1" or "MONOCHROME2"))
        {
            return null;
        }

        (int height, int width) = (set.Number(0x0028_0010), set.Number(0x0028_0011));
        bool signed = set.Number(0x0028_0103) == 1;
        int unused = bits - set.Number(0x0028_0101);
        ReadOnlySpan<byte> pixels = set.Value(DicomDataSet.PixelData);
        int frameBytes = checked(width * height * bits / 8);
        int count = CountFrames(set, frameBytes, pixels.Length);
        IReadOnlyList<double> slopes = OfFrames(set.Decimals(0x0028_1053), 1, count);
        IReadOnlyList<double> intercepts = OfFrames(set.Decimals(0x0028_1052), 0, count);
        List<float[]> frames = [];
        for (int index = 0; index < count; index++)
        {
            (int at, double slope, double intercept) = (index * frameBytes, slopes[index], intercepts[index]);
            var frame = new float[width * height];
            for (int i = 0; i < frame.Length; i++)
            {
                ReadOnlySpan<byte> cell = pixels.Slice(at + (i * bits / 8), bits / 8);
                int raw =
                    bits == 8 ? cell[0] : bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(cell) : BinaryPrimitives.ReadUInt16LittleEndian(cell);
                int shift = 32 - bits + unused; // bits above the stored ones may hold overlays
                raw = signed ? (raw << shift) >> shift : (int)(((uint)raw << shift) >> shift);
                frame[i] = (float)((slope * raw) + intercept);
            }

            frames.Add(frame);
        }

        return new DicomSlices(width, height, photometric == "MONOCHROME1", frames);
    }

    // Absent, it is one (PS3.3 C.7.6.6).
    private static int CountFrames(DicomDataSet set, int frameBytes, int pixelBytes)
    {
        const uint NumberOfFrames = 0x0028_0008;
        string text = set.Text(NumberOfFrames);
        int stated = text.Length == 0 ? 1 : int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int number) ? number : 0;
        if (frameBytes == 0 || stated < 1)
        {
            throw new InvalidDataException("it states no picture");
        }

        return stated <= pixelBytes / frameBytes
            ? stated
            : throw new InvalidDataException($"NumberOfFrames is {stated}, the pixel data is that of {pixelBytes / frameBytes}");
    }

    // One value for all frames, or one for each.
    private static IReadOnlyList<double> OfFrames(IReadOnlyList<double> stated, double otherwise, int count) =>
        stated.Count == count ? stated
        : stated.Count <= 1 ? [.. Enumerable.Repeat(stated.Count == 1 ? stated[0] : otherwise, count)]
        : throw new InvalidDataException($"it has {count} frames and {stated.Count} rescale values");
}
