using System.Buffers.Binary;
using MedGen.Dicom.DataSets;
using MedGen.Sdk.Errors;

namespace MedGen.Dicom.Pixels;

/// <summary>Run lengths (PS3.5, annex G): a segment for each byte of each sample, the highest byte first.</summary>
internal sealed class RleFrames : IFrameSource
{
    private const int HeaderBytes = 64;
    private const int MostSegments = 15;

    private readonly string _name;
    private readonly IReadOnlyList<IReadOnlyList<DicomBulk>> _frames;

    public RleFrames(DicomDataSet set, DicomElement pixels, PixelDescription description)
    {
        _name = set.Name;
        _frames = FragmentMap.Of(set, pixels, description.Frames);

        // What comes out has its samples side by side, whatever the header says of the uncompressed form; nothing is left out between pixels.
        Description = description with { IsPlanar = false };
        if (description.Photometric == "YBR_FULL_422")
        {
            throw new MediaException(
                _name, $"{_name}: {DicomTags.PhotometricInterpretation} is 'YBR_FULL_422' with RLE Lossless; PS3.5, 8.2.2 allows "
                    + "whole samples only.");
        }
    }

    public PixelDescription Description { get; }

    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(int index, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        long length = _frames[index].Sum(fragment => fragment.Length);
        int segments = Description.Samples * Description.BytesPerSample;
        if (length < HeaderBytes || length > (2 * Description.FrameBytes) + HeaderBytes + (2 * MostSegments))
        {
            throw Broken(index, $"it has {length} bytes, {HeaderBytes} to twice the uncompressed ones are possible");
        }

        byte[] coded = new byte[length];
        int at = 0;
        foreach (DicomBulk fragment in _frames[index])
        {
            fragment.Read(0, coded.AsSpan(at, (int)fragment.Length));
            at += (int)fragment.Length;
        }

        uint count = BinaryPrimitives.ReadUInt32LittleEndian(coded);
        if (count != segments)
        {
            throw Broken(index, $"it has {count} segments, {segments} are needed");
        }

        byte[] frame = new byte[checked((int)Description.FrameBytes)];
        for (int segment = 0; segment < segments; segment++)
        {
            uint start = BinaryPrimitives.ReadUInt32LittleEndian(coded.AsSpan(4 + (4 * segment)));
            uint end = segment + 1 < segments ? BinaryPrimitives.ReadUInt32LittleEndian(coded.AsSpan(8 + (4 * segment))) : (uint)length;
            if (start < HeaderBytes || end < start || end > length)
            {
                throw Broken(index, $"segment {segment} lies from {start} to {end} of {length} bytes");
            }

            // Sample s, byte b from the highest: in little endian at place (bytes - 1 - b) of sample s.
            (int sample, int high) = Math.DivRem(segment, Description.BytesPerSample);
            int place = (sample * Description.BytesPerSample) + (Description.BytesPerSample - 1 - high);
            int got = Expand(coded.AsSpan((int)start, (int)(end - start)), frame, place, segments);
            if (got < Description.Rows * Description.Columns)
            {
                throw Broken(index, $"segment {segment} holds {got} bytes, {Description.Rows * Description.Columns} are needed");
            }
        }

        return ValueTask.FromResult<ReadOnlyMemory<byte>>(frame);
    }

    public void Dispose()
    {
    }

    /// <returns>How many bytes were set.</returns>
    private static int Expand(ReadOnlySpan<byte> coded, byte[] frame, int place, int step)
    {
        int set = 0;
        int at = 0;
        while (at < coded.Length && place < frame.Length)
        {
            sbyte head = (sbyte)coded[at++];
            if (head == sbyte.MinValue)
            {
                continue;
            }

            int run = head >= 0 ? head + 1 : 1 - head;
            for (int i = 0; i < run && place < frame.Length && at < coded.Length; i++)
            {
                frame[place] = coded[at];
                place += step;
                set++;
                at += head >= 0 ? 1 : 0;
            }

            at += head >= 0 ? 0 : 1;
        }

        return set;
    }

    private MediaException Broken(int index, string what) => new(_name, $"{_name}: frame {index} of {DicomTags.PixelData} in RLE Lossless: {what}.");
}
