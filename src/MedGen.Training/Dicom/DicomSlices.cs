using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using MedGen.Abstractions.Errors;

namespace MedGen.Training.Dicom;

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
            throw new MediaException(name, $"{name}: the DICOM data set is broken or cut short.", e);
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
        double slope = set.Decimal(0x0028_1053) ?? 1;
        double intercept = set.Decimal(0x0028_1052) ?? 0;
        ReadOnlySpan<byte> pixels = set.Value(DicomDataSet.PixelData);
        int frameBytes = checked(width * height * bits / 8);
        var frames = new List<float[]>();
        for (int at = 0; frameBytes > 0 && at + frameBytes <= pixels.Length; at += frameBytes)
        {
            var frame = new float[width * height];
            for (int i = 0; i < frame.Length; i++)
            {
                ReadOnlySpan<byte> cell = pixels.Slice(at + (i * bits / 8), bits / 8);
                int raw = bits == 8 ? cell[0] : bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(cell) : BinaryPrimitives.ReadUInt16LittleEndian(cell);
                int shift = 32 - bits + unused; // bits above the stored ones may hold overlays
                raw = signed ? (raw << shift) >> shift : (int)(((uint)raw << shift) >> shift);
                frame[i] = (float)((slope * raw) + intercept);
            }

            frames.Add(frame);
        }

        return frames.Count == 0
            ? throw new InvalidDataException("The pixel data is shorter than one frame.")
            : new DicomSlices(width, height, photometric == "MONOCHROME1", frames);
    }
}
