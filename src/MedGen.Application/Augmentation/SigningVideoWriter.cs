using MedGen.Application.Signing;
using MedGen.Media;
using MedGen.Sdk.Frames;

namespace MedGen.Application.Augmentation;

/// <summary>Signs the films of a data set as they are written. Pictures have no place for a signature; the manifest has their hashes.</summary>
internal sealed class SigningVideoWriter(IVideoWriter writer, ClipSigner signer, string jobId) : IVideoWriter
{
    public async Task<long> WriteAsync(
        string path, IAsyncEnumerable<VideoFrame> frames, VideoEncoding encoding, CancellationToken cancellationToken)
    {
        long count = await writer.WriteAsync(path, frames, encoding, cancellationToken).ConfigureAwait(false);
        if (encoding.Format is VideoFormat.H264 or VideoFormat.LosslessH264)
        {
            await signer.SignAsync(path, new { jobId, provenanceId = encoding.ProvenanceId, frames = count }, cancellationToken)
                .ConfigureAwait(false);
        }

        return count;
    }
}
