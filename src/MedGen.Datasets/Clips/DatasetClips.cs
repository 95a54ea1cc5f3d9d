using MedGen.Sdk.Frames;
using MedGen.Sdk.Errors;
using MedGen.Datasets.Files;
using MedGen.Datasets.Reading;
using MedGen.Media;

namespace MedGen.Datasets.Clips;

/// <summary>Decodes a data set once, whatever the sizes and rates of its clips.</summary>
internal static class DatasetClips
{
    /// <summary>Prepares all items.</summary>
    /// <param name="items">The items.</param>
    /// <param name="shape">Shape to bring them to.</param>
    /// <param name="maxUnreadable">So many may be unreadable, or too short.</param>
    /// <param name="folder">Folder for the decoded pixels; made when it is missing.</param>
    /// <param name="reader">Decodes.</param>
    /// <param name="progress">Told how many are done.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <param name="scope">Where the files may lie; null: anywhere.</param>
    /// <returns>The clips that can be used, in their order, and what is wrong with the others, by name.</returns>
    /// <exception cref="InvalidInputException">More are unreadable than is allowed; all of those seen are named.</exception>
    public static async Task<(IReadOnlyList<DecodedClip> Clips, IReadOnlyList<string> Unreadable)> PrepareAsync(
        IReadOnlyList<DatasetItem> items, ClipShape shape, int maxUnreadable, string folder, IVideoReader reader, Action<int> progress,
        CancellationToken cancellationToken, PathScope? scope = null)
    {
        PathScope allowed = scope ?? PathScope.Anywhere;
        Directory.CreateDirectory(folder);
        DecodedClip?[] clips = new DecodedClip?[items.Count];
        string?[] wrong = new string?[items.Count];
        int done = 0;
        await Parallel.ForAsync(0, items.Count, cancellationToken, async (index, token) =>
        {
            DatasetItem item = items[index];
            try
            {
                byte[]? pixels = await ClipDecoding.ReadAsync(reader, allowed.Resolve(item.FullPath, DatasetFolder.Field), shape, token)
                    .ConfigureAwait(false);
                if (pixels is null)
                {
                    wrong[index] = $"'{item.FileName}' is a still, or shorter than {shape.NumFrames} frames at {shape.FramesPerSecond} a second";
                }
                else
                {
                    clips[index] = await DecodedClip.CreateAsync(item, Path.Combine(folder, $"{index:000000}.rgb"), shape, pixels, token)
                        .ConfigureAwait(false);
                }
            }
            catch (MediaException exception)
            {
                wrong[index] = $"'{item.FileName}' cannot be read ({exception.Message})";
            }

            progress(Interlocked.Increment(ref done));
        }).ConfigureAwait(false);
        string[] unreadable = [.. wrong.OfType<string>()];
        return unreadable.Length <= maxUnreadable
            ? ([.. clips.OfType<DecodedClip>()], unreadable)
            : throw new InvalidInputException(
                "data",
                $"{unreadable.Length} clips cannot be used, and max_unreadable allows {maxUnreadable}: {string.Join("; ", unreadable.Take(5))}.");
    }
}
