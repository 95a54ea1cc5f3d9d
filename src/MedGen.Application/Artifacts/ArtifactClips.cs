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
        Artifact artifact = await FindAsync(artifacts, artifactId, cancellationToken).ConfigureAwait(false);
        string path = await artifacts.GetVerifiedPathAsync(artifact, cancellationToken).ConfigureAwait(false);
        return await OpenAsync(reader, artifact, path, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>As <see cref="OpenArtifactAsync"/>, for a single frame of many that are asked for one after the other.</summary>
    public static async Task<IVideoClip> OpenArtifactForPartsAsync(
        this IVideoReader reader, IArtifactStore artifacts, string artifactId, CancellationToken cancellationToken)
    {
        Artifact artifact = await FindAsync(artifacts, artifactId, cancellationToken).ConfigureAwait(false);
        string path = await artifacts.GetPathForPartsAsync(artifact, cancellationToken).ConfigureAwait(false);
        return await OpenAsync(reader, artifact, path, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<Artifact> FindAsync(IArtifactStore artifacts, string artifactId, CancellationToken cancellationToken) =>
        await artifacts.FindAsync(artifactId, cancellationToken).ConfigureAwait(false) ?? throw new ResourceNotFoundException("artifact", artifactId);

    private static async Task<IVideoClip> OpenAsync(IVideoReader reader, Artifact artifact, string path, CancellationToken cancellationToken)
    {
        try
        {
            return Named(await reader.OpenAsync(path, cancellationToken).ConfigureAwait(false), exception => Rename(exception, artifact));
        }
        catch (MediaException exception)
        {
            throw Rename(exception, artifact);
        }
    }

    /// <summary>Opens artifacts that are the slices of one DICOM series as one clip.</summary>
    /// <param name="reader">Reads.</param>
    /// <param name="artifacts">Has them.</param>
    /// <param name="ids">Their ids; a single one is opened as it is, whatever it is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ResourceNotFoundException">One is not there.</exception>
    /// <exception cref="DataLossException">The content of one is damaged or gone.</exception>
    /// <exception cref="MediaException">They are no slices of one series.</exception>
    public static async Task<IVideoClip> OpenArtifactsAsync(
        this IVideoReader reader, IArtifactStore artifacts, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 1)
        {
            return await reader.OpenArtifactAsync(artifacts, ids[0], cancellationToken).ConfigureAwait(false);
        }

        Dictionary<string, Artifact> byPath = [];
        foreach (string id in ids)
        {
            Artifact artifact = await FindAsync(artifacts, id, cancellationToken).ConfigureAwait(false);
            byPath[await artifacts.GetVerifiedPathAsync(artifact, cancellationToken).ConfigureAwait(false)] = artifact;
        }

        string name = byPath.First().Value.FileName;
        try
        {
            return Named(await reader.OpenSlicesAsync(name, [.. byPath.Keys], cancellationToken).ConfigureAwait(false), Rename);
        }
        catch (MediaException exception)
        {
            throw Rename(exception);
        }

        MediaException Rename(MediaException exception) => new(
            name,
            byPath.Aggregate(exception.Message, (text, file) => text.Replace(
                Path.GetFileName(file.Key), file.Value.FileName, StringComparison.Ordinal)),
            exception);
    }

    private static MediaException Rename(MediaException exception, Artifact artifact) =>
        new(artifact.FileName, exception.Message.Replace(exception.FileName, artifact.FileName, StringComparison.Ordinal), exception);

    private static IVideoClip Named(IVideoClip clip, Func<MediaException, MediaException> rename) =>
        clip is IIndexedClip indexed ? new NamedIndexedClip(indexed, rename) : new NamedClip(clip, rename);

    private sealed class NamedIndexedClip : NamedClip, IIndexedClip
    {
        private readonly IIndexedClip _clip;

        public NamedIndexedClip(IIndexedClip clip, Func<MediaException, MediaException> rename)
            : base(clip, rename) => _clip = clip;

        public async Task<VideoFrame> ReadFrameAsync(int index, CancellationToken cancellationToken)
        {
            try
            {
                return await _clip.ReadFrameAsync(index, cancellationToken).ConfigureAwait(false);
            }
            catch (MediaException exception)
            {
                throw Rename(exception);
            }
        }
    }

    private class NamedClip(IVideoClip clip, Func<MediaException, MediaException> rename) : IVideoClip
    {
        protected MediaException Rename(MediaException exception) => rename(exception);

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
                    throw Rename(exception);
                }

                yield return frames.Current;
            }
        }
    }
}
