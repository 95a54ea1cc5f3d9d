using System.Collections.Concurrent;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Errors;

namespace MedGen.Training.Clips;

/// <summary>Decodes or simulates clips on many threads into the cache, from where training reads them at the speed of the disk.</summary>
internal sealed class ClipPreparation(CacheFolder cache, Action<string> warn)
{
    private readonly UnreadableClips _unreadable = new();
    private readonly ConcurrentDictionary<TrainingClip, string> _keys = new(ReferenceEqualityComparer.Instance);

    /// <summary>Prepares clips at one shape.</summary>
    /// <param name="clips">The clips.</param>
    /// <param name="shape">Their shape.</param>
    /// <param name="maxUnreadable">So many clips of a source may be unreadable.</param>
    /// <param name="workers">Threads.</param>
    /// <param name="progress">Told how many are done.</param>
    /// <param name="cancellationToken">Stops at the next clip; what is done stays in the cache.</param>
    /// <returns>The clips that can be read and have enough frames, in their order.</returns>
    /// <exception cref="InvalidInputException">Too many clips of the source cannot be read.</exception>
    public async Task<IReadOnlyList<PreparedClip>> PrepareAsync(
        IReadOnlyList<TrainingClip> clips, ClipShape shape, int maxUnreadable, int workers, Action<int> progress, CancellationToken cancellationToken)
    {
        PreparedClip?[] prepared = new PreparedClip?[clips.Count];
        int done = 0;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, clips.Count),
            new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancellationToken },
            async (index, token) =>
            {
                prepared[index] = await PrepareAsync(clips[index], shape, maxUnreadable, token).ConfigureAwait(false);
                progress(Interlocked.Increment(ref done));
            }).ConfigureAwait(false);
        return [.. prepared.OfType<PreparedClip>()];
    }

    private async Task<PreparedClip?> PrepareAsync(TrainingClip clip, ClipShape shape, int maxUnreadable, CancellationToken cancellationToken)
    {
        if (_unreadable.Contains(clip))
        {
            return null;
        }

        try
        {
            if (!_keys.TryGetValue(clip, out string? content))
            {
                _keys[clip] = content = await clip.ReadKeyAsync(cancellationToken).ConfigureAwait(false);
            }

            string key = $"{content} {shape}";
            string path = cache.PathOf(key);
            if (!File.Exists(path))
            {
                if (await clip.ReadAsync(shape, cancellationToken).ConfigureAwait(false) is not { } pixels)
                {
                    return null;
                }

                CacheFolder.Write(path, pixels);
            }

            return new PreparedClip(clip, key, path, shape);
        }
        catch (MediaException exception)
        {
            _unreadable.Add(clip, exception, maxUnreadable);
            warn($"skipped '{clip.Name}' of {clip.Source}: {exception.Message}");
            return null;
        }
    }
}
