using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace MedGen.Media.Provenance;

/// <summary>
/// A text at the end of an MP4 file, in a box of type <c>uuid</c> (ISO/IEC 14496-12, 4.2), which players pass over. The rest of the file stays as
/// it is.
/// </summary>
public static class ProvenanceBox
{
    private const int HeaderBytes = 8;
    private const int LargeHeaderBytes = 16;
    private const int IdBytes = 16;
    private const int MaxTextBytes = 1 << 20;

    // The id of this box and of no other: a random UUID, version 4.
    private static readonly Guid Id = new("5f0d7e2c-93b1-4c58-8a64-2d1f6b7ae903");

    /// <summary>Adds the text to a file that has none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="text">UTF-8, at most 1 MiB.</param>
    /// <param name="cancellationToken">Gives up before the write.</param>
    /// <returns>Completes when the text is in the file.</returns>
    public static async Task AppendAsync(string path, ReadOnlyMemory<byte> text, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(text.Length, MaxTextBytes);
        byte[] box = new byte[HeaderBytes + IdBytes + text.Length];
        BinaryPrimitives.WriteInt32BigEndian(box, box.Length);
        "uuid"u8.CopyTo(box.AsSpan(4));
        Id.TryWriteBytes(box.AsSpan(HeaderBytes), bigEndian: true, out _);
        text.Span.CopyTo(box.AsSpan(HeaderBytes + IdBytes));
        FileStream file = new(path, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
        await using ConfiguredAsyncDisposable fileDisposal = file.ConfigureAwait(false);
        await file.WriteAsync(box, cancellationToken).ConfigureAwait(false);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Reads the text.</summary>
    /// <param name="path">Any file.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The text of the last such box; null: there is none, or the file is no MP4 file.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static async Task<byte[]?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 4096, FileOptions.Asynchronous);
        await using ConfiguredAsyncDisposable fileDisposal = file.ConfigureAwait(false);
        byte[]? text = null;
        byte[] header = new byte[LargeHeaderBytes + IdBytes];
        for (long at = 0; at + HeaderBytes <= file.Length;)
        {
            file.Position = at;
            int read = await file.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            (long size, int headerBytes) = SizeOf(header.AsSpan(0, read), file.Length - at);
            if (size < headerBytes || at + size > file.Length)
            {
                return text;
            }

            long length = size - headerBytes - IdBytes;
            if (header.AsSpan(4, 4).SequenceEqual("uuid"u8) && length is >= 0 and <= MaxTextBytes
                && new Guid(header.AsSpan(headerBytes, IdBytes), bigEndian: true) == Id)
            {
                text = new byte[length];
                file.Position = at + headerBytes + IdBytes;
                await file.ReadExactlyAsync(text, cancellationToken).ConfigureAwait(false);
            }

            at += size;
        }

        return text;
    }

    // 1: the size follows in 64 bits; 0: the box goes on to the end of the file.
    private static (long Size, int HeaderBytes) SizeOf(ReadOnlySpan<byte> header, long left)
    {
        uint size = BinaryPrimitives.ReadUInt32BigEndian(header);
        return size switch
        {
            0 => (left, HeaderBytes),
            1 when header.Length >= LargeHeaderBytes =>
                ((long)Math.Min(BinaryPrimitives.ReadUInt64BigEndian(header[8..]), long.MaxValue), LargeHeaderBytes),
            _ => (size, HeaderBytes),
        };
    }
}
