using System.Runtime.CompilerServices;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Media;

namespace MedGen.Application.Artifacts;

/// <summary>Opens artifacts as clips. Errors name the artifact's file as its owner knows it, not the hash under which it is stored.</summary>
internal static class ArtifactClips
{
    /// <exception cref="ResourceNotFoundException">There is no such artifact.</exception>
    /// <exception cref="DataLossException">Its content is damaged or gone.</exception>
    /// <exception cref="MediaException">It is no film or picture.</exception>
    public static async Task<IVideoClip> OpenArtifactAsync(
        this IVideoReader reader, IArtifactStore artifacts, string artifactId, CancellationToken cancellationToken)
    {
        Artifact artifact = await artifacts.FindAsync(artifactId, cancellationToken).ConfigureAwait(false)
            ?? throw new ResourceNotFoundException("artifact", artifactId);
        try
        {
            return new NamedClip(
                await reader.OpenAsync(await artifacts.GetVerifiedPathAsync(artifact, cancellationToken).ConfigureAwait(false), cancellationToken)
                    .ConfigureAwait(false), artifact);
        }
        catch (MediaException exception)
        {
            throw Rename(exception, artifact);
        }
    }

    private static MediaException Rename(MediaException exception, Artifact artifact) =>
        new(artifact.FileName, exception.Message.Replace(exception.FileName, artifact.FileName, StringComparison.Ordinal), exception);

    private sealed class NamedClip(IVideoClip clip, Artifact artifact) : IVideoClip
    {
        public VideoInfo Info => clip.Info;

        public bool IsLive => clip.IsLive;

        public async IAsyncEnumerable<VideoFrame> ReadFramesAsync(
            FrameSampling sampling, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            IAsyncEnumerator<VideoFrame> frames = clip.ReadFramesAsync(sampling, cancellationToken).GetAsyncEnumerator(cancellationToken);
            await using ConfiguredAsyncDisposable framesDisposal = frames.ConfigureAwait(false);
            while (true)
            {
                try
                {
                    if (!await frames.MoveNextAsync().ConfigureAwait(false))
                    {
                        break;
                    }
                }
                catch (MediaException exception)
                {
                    throw Rename(exception, artifact);
                }

                yield return frames.Current;
            }
        }
    }
}
