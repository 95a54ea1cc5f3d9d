using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using MedGen.Sdk.Frames;

namespace MedGen.Media.Images;

/// <summary>One frame as a PNG picture in memory, without a process of its own: previews, reports, PNG sequences.</summary>
public static class FrameImage
{
    private const int BytesPerPixel = 3;
    private const byte BitDepth = 8;
    private const byte TrueColour = 2;
    private const byte FilterSub = 1;
    private const byte FilterUp = 2;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Encodes a frame as an 8-bit RGB PNG (W3C PNG specification, third edition).</summary>
    /// <param name="frame">The frame; it is not disposed.</param>
    /// <param name="provenanceId">When given, the picture carries <see cref="SyntheticNote"/> as its <c>Comment</c> text.</param>
    /// <param name="cancellationToken">Looked at before the work starts and while it runs.</param>
    /// <returns>The bytes of the file.</returns>
    /// <exception cref="Sdk.Errors.InvalidInputException">The provenance id is not allowed.</exception>
    public static Task<byte[]> EncodePngAsync(VideoFrame frame, string? provenanceId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(frame);
        string? note = provenanceId is null ? null : SyntheticNote.For(provenanceId);
        // Compression is pure computing, some 10 ms for a 480p frame: it goes to the pool so that the caller's thread is free.
        return Task.Run(() => Encode(frame, note, cancellationToken), cancellationToken);
    }

    /// <summary>As <see cref="EncodePngAsync"/>, on the calling thread, for callers that have a thread of their own.</summary>
    /// <param name="frame">The frame; it is not disposed.</param>
    /// <param name="provenanceId">See <see cref="EncodePngAsync"/>.</param>
    /// <returns>The bytes of the file.</returns>
    /// <exception cref="Sdk.Errors.InvalidInputException">The provenance id is not allowed.</exception>
    public static byte[] EncodePng(VideoFrame frame, string? provenanceId)
    {
        ArgumentNullException.ThrowIfNull(frame);
        return Encode(frame, provenanceId is null ? null : SyntheticNote.For(provenanceId), CancellationToken.None);
    }

    private static byte[] Encode(VideoFrame frame, string? note, CancellationToken cancellationToken)
    {
        using MemoryStream file = new();
        file.Write(Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, frame.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], frame.Height);
        header[8] = BitDepth;
        header[9] = TrueColour;
        header[10..].Clear(); // deflate, adaptive filters, not interlaced
        WriteChunk(file, "IHDR"u8, header);
        if (note is not null)
        {
            WriteChunk(file, "tEXt"u8, Encoding.ASCII.GetBytes($"Comment\0{note}"));
        }

        WriteChunk(file, "IDAT"u8, Compress(frame, cancellationToken));
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static ReadOnlySpan<byte> Compress(VideoFrame frame, CancellationToken cancellationToken)
    {
        int stride = frame.Width * BytesPerPixel;
        ReadOnlySpan<byte> pixels = frame.Pixels.Span;
        byte[] sub = new byte[1 + stride];
        byte[] up = new byte[1 + stride];
        sub[0] = FilterSub;
        up[0] = FilterUp;
        MemoryStream compressed = new();
        using (ZLibStream zlib = new(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            ReadOnlySpan<byte> above = new byte[stride];
            for (int y = 0; y < frame.Height; y++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                ReadOnlySpan<byte> row = pixels.Slice(y * stride, stride);
                int subCost = Predict(row, known: row, shift: BytesPerPixel, sub.AsSpan(1));
                int upCost = Predict(row, known: above, shift: 0, up.AsSpan(1));
                zlib.Write(upCost < subCost ? up : sub);
                above = row;
            }
        }

        return compressed.GetBuffer().AsSpan(0, (int)compressed.Length);
    }

    // Writes row - prediction and returns the sum of absolute differences, the specification's measure for choosing a filter.
    private static int Predict(ReadOnlySpan<byte> row, ReadOnlySpan<byte> known, int shift, Span<byte> difference)
    {
        int cost = 0;
        for (int x = 0; x < row.Length; x++)
        {
            byte value = (byte)(row[x] - (x < shift ? 0 : known[x - shift]));
            difference[x] = value;
            cost += Math.Abs((int)(sbyte)value);
        }

        return cost;
    }

    private static void WriteChunk(Stream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Of(type, data));
        file.Write(number);
    }
}
