using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using MedGen.Sdk.Errors;
using MedGen.Application.Artifacts;
using MedGen.Storage.Maintenance;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace MedGen.Storage.Artifacts;

/// <summary>
/// Compares stored contents with the hashes that they are named by. What was read once and has not been written since is remembered for readers of
/// parts, who would otherwise pay for the whole file with each part; whoever reads all of it does not rely on that, since a disk may return other
/// bytes without a write.
/// </summary>
internal sealed class ContentIntegrity(ILogger<ContentIntegrity> logger)
{
    private const int BufferSize = 1 << 20;

    // A few hundred bytes each; a film's parts are asked for one after the other, so that forgetting all of them now and then costs little.
    private const int MostRemembered = 4096;

    private readonly ConcurrentDictionary<string, (DateTime Written, DateTime Created)> _good = new(StringComparer.Ordinal);

    /// <summary>Reads a content whole.</summary>
    /// <returns>Whether it is the one that the hash names.</returns>
    /// <exception cref="IOException">The disk cannot read it.</exception>
    public static Task<bool> MatchesAsync(SafeFileHandle content, string sha256, CancellationToken cancellationToken) =>
        MatchesAsync(content, sha256, ReadRate.Unlimited, cancellationToken);

    /// <summary>Reads a content whole, no faster than it may.</summary>
    /// <returns>Whether it is the one that the hash names.</returns>
    /// <exception cref="IOException">The disk cannot read it.</exception>
    public static async Task<bool> MatchesAsync(SafeFileHandle content, string sha256, ReadRate rate, CancellationToken cancellationToken)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            long position = 0;
            for (int read; (read = await RandomAccess.ReadAsync(content, buffer, position,
                cancellationToken).ConfigureAwait(false)) > 0; position += read)
            {
                hash.AppendData(buffer, 0, read);
                await rate.ReadAsync(read, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset()) == sha256;
    }

    /// <summary>Reads an artifact's content whole, or remembers that it did.</summary>
    /// <param name="content">The content, open.</param>
    /// <param name="artifact">The artifact.</param>
    /// <param name="mayRemember">Whether it is enough that it was good and has not been written since.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="DataLossException">It is not what was stored (<c>ARTIFACT_DAMAGED</c>).</exception>
    public async Task RequireAsync(SafeFileHandle content, Artifact artifact, bool mayRemember, CancellationToken cancellationToken)
    {
        if (mayRemember && _good.TryGetValue(artifact.Sha256, out (DateTime, DateTime) before) && before == Times(content))
        {
            return;
        }

        try
        {
            if (!await MatchesAsync(content, artifact.Sha256, cancellationToken).ConfigureAwait(false))
            {
                throw Damaged(artifact);
            }
        }
        catch (IOException exception)
        {
            throw Damaged(artifact, exception);
        }

        Remember(content, artifact);
    }

    /// <summary>Notes that a content was read whole and was good.</summary>
    public void Remember(SafeFileHandle content, Artifact artifact)
    {
        if (_good.Count >= MostRemembered)
        {
            _good.Clear();
        }

        _good[artifact.Sha256] = Times(content);
    }

    /// <summary>Logs that an artifact's content is damaged.</summary>
    /// <returns>The error for whoever wanted it.</returns>
    public DataLossException Damaged(Artifact artifact, IOException? cause = null)
    {
        Log.ContentDamaged(logger, artifact.Id, cause?.HResult ?? 0);
        return Lost(
            "ARTIFACT_DAMAGED", $"The content of artifact '{artifact.Id}' is damaged: its SHA-256 is no longer that of what was stored.", artifact,
            cause);
    }

    /// <summary>Logs that an artifact's content is gone.</summary>
    /// <returns>The error for whoever wanted it.</returns>
    public DataLossException Missing(Artifact artifact, IOException cause)
    {
        Log.ContentMissing(logger, artifact.Id);
        return Lost(
            "ARTIFACT_MISSING", $"The content of artifact '{artifact.Id}' is missing, although nobody deleted the artifact.", artifact, cause);
    }

    /// <summary>Logs that a damaged content was replaced by a good one.</summary>
    public void Mended(Artifact artifact) => Log.ContentMended(logger, artifact.Id);

    private static DataLossException Lost(string reason, string message, Artifact artifact, IOException? cause) =>
        new(
            reason, message
                + " An upload of the same content mends it.", cause) { Metadata = new Dictionary<string, string> { ["artifact_id"] = artifact.Id } };

    private static (DateTime Written, DateTime Created) Times(SafeFileHandle content) =>
        (File.GetLastWriteTimeUtc(content), File.GetCreationTimeUtc(content));
}
