using System.Text;
using MedGen.Media.Provenance;

namespace MedGen.Application.Signing;

/// <summary>Signs clips that this host has made.</summary>
internal sealed class ClipSigner(IHostKey key, IFrameHasher frames, TimeProvider time)
{
    /// <summary>Signs how a clip was made and which frames it has, and writes that into the file.</summary>
    /// <param name="path">A finished MP4 file.</param>
    /// <param name="made">How it was made; goes wherever the file goes, so no prompts.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The statement, as <see cref="ProvenanceStatement.Sign"/> gives it.</returns>
    public async Task<string> SignAsync<T>(string path, T made, CancellationToken cancellationToken)
    {
        string hash = await frames.HashAsync(path, cancellationToken).ConfigureAwait(false);
        string statement = ProvenanceStatement.Sign(key, hash, made, time.GetUtcNow());
        await ProvenanceBox.AppendAsync(path, Encoding.UTF8.GetBytes(statement), cancellationToken).ConfigureAwait(false);
        return statement;
    }
}
