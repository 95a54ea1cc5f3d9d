using System.Buffers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace MedGen.Storage.Maintenance;

/// <summary>Copies a file and hashes it on the way.</summary>
internal static class HashedCopy
{
    private const int BufferSize = 1 << 20;

    /// <summary>Copies a file, which is on disk when this returns.</summary>
    /// <param name="source">The file.</param>
    /// <param name="target">A path where no file is; null: it is only read.</param>
    /// <param name="cancellationToken">Gives up; what was written stays.</param>
    /// <returns>Its size in bytes and its hash.</returns>
    /// <exception cref="IOException">It cannot be read, or not be written.</exception>
    public static async Task<(long Bytes, string Sha256)> RunAsync(string source, string? target, CancellationToken cancellationToken)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        FileStream input = new(source, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.Asynchronous);
        await using ConfiguredAsyncDisposable inputDisposal = input.ConfigureAwait(false);
        FileStream? output = target is null ? null : new(target, DataFolder.NewFile());
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        long bytes = 0;
        try
        {
            for (int read; (read = await input.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0; bytes += read)
            {
                hash.AppendData(buffer, 0, read);
                if (output is not null)
                {
                    await output.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                }
            }

            output?.Flush(flushToDisk: true);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            if (output is not null)
            {
                await output.DisposeAsync().ConfigureAwait(false);
            }
        }

        return (bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
