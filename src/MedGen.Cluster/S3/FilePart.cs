using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace MedGen.Cluster.S3;

/// <summary>Part of a file.</summary>
internal static class FilePart
{
    /// <summary>SHA-256 of some bytes of a file.</summary>
    /// <exception cref="EndOfStreamException">The file is shorter.</exception>
    public static async Task<byte[]> HashAsync(string path, long position, long size, CancellationToken cancellationToken)
    {
        using SafeFileHandle file = File.OpenHandle(path, options: FileOptions.Asynchronous);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
        try
        {
            for (long end = position + size; position < end;)
            {
                Memory<byte> next = buffer.AsMemory(0, (int)Math.Min(buffer.Length, end - position));
                int read = await RandomAccess.ReadAsync(file, next, position, cancellationToken).ConfigureAwait(false);
                hash.AppendData(buffer, 0, read > 0 ? read : throw new EndOfStreamException());
                position += read;
            }

            return hash.GetHashAndReset();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
