using MedGen.Sdk.Errors;

namespace MedGen.Dicom.DataSets;

/// <summary>A value that stays in its file: a place and a length. It can be read as long as its <see cref="DicomFile"/> is open.</summary>
public sealed class DicomBulk
{
    private const int Chunk = 1 << 16;

    private readonly DicomSource _source;
    private readonly int _wordSize;

    internal DicomBulk(DicomSource source, long position, long length, int wordSize = 1) =>
        (_source, Position, Length, _wordSize) = (source, position, length, wordSize);

    /// <summary>Where it begins in the file (for a deflated file: in the inflated data set).</summary>
    public long Position { get; }

    /// <summary>Its length in bytes.</summary>
    public long Length { get; }

    /// <summary>Reads a part, in little endian.</summary>
    /// <param name="offset">First byte, from 0; a whole number of words.</param>
    /// <param name="bytes">Filled; a whole number of words.</param>
    /// <exception cref="MediaException">The part is not within the value, or the file has become shorter.</exception>
    public void Read(long offset, Span<byte> bytes)
    {
        if (offset < 0 || offset + bytes.Length > Length || _source.Read(Position + offset, bytes) != bytes.Length)
        {
            throw new MediaException(
                _source.Name, $"{_source.Name}: {bytes.Length} bytes asked from byte {Position + offset}; the value has {Length} from {Position}.");
        }

        Swap(bytes, _wordSize);
    }

    /// <summary>Copies all of it, in little endian.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="cancellationToken">Stops between two pieces.</param>
    public void CopyTo(Stream target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        byte[] buffer = new byte[Chunk];
        for (long at = 0; at < Length; at += Chunk)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Span<byte> piece = buffer.AsSpan(0, (int)Math.Min(Chunk, Length - at));
            Read(at, piece);
            target.Write(piece);
        }
    }

    internal static void Swap(Span<byte> bytes, int wordSize)
    {
        for (int at = 0; wordSize > 1 && at + wordSize <= bytes.Length; at += wordSize)
        {
            bytes.Slice(at, wordSize).Reverse();
        }
    }
}
