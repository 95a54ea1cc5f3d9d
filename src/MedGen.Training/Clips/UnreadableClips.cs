using System.Collections.Concurrent;
using MedGen.Sdk.Errors;

namespace MedGen.Training.Clips;

/// <summary>Clips that cannot be decoded: a source may have as many as its recipe allows, and no more. For many threads.</summary>
internal sealed class UnreadableClips
{
    private readonly ConcurrentDictionary<TrainingClip, bool> _clips = new(ReferenceEqualityComparer.Instance);

    /// <summary>Whether a clip is known to be unreadable.</summary>
    public bool Contains(TrainingClip clip) => _clips.ContainsKey(clip);

    /// <summary>Takes a clip down.</summary>
    /// <param name="clip">The clip.</param>
    /// <param name="reason">Why it cannot be read.</param>
    /// <param name="maxUnreadable">So many clips of its source may be unreadable.</param>
    /// <exception cref="InvalidInputException">The source has more than that.</exception>
    public void Add(TrainingClip clip, MediaException reason, int maxUnreadable)
    {
        _clips[clip] = true;
        int count = _clips.Keys.Count(other => other.Source == clip.Source);
        if (count > maxUnreadable)
        {
            throw new InvalidInputException(
                $"data.{clip.Source}",
                $"'{clip.Name}' cannot be read ({reason.Message}), and {count - 1} before it; max_unreadable allows {maxUnreadable}.");
        }
    }
}
