using MedGen.Application.Artifacts;
using MedGen.Application.Jobs;

namespace MedGen.Application.Access.Sharing;

/// <summary>Finds what is to be shared.</summary>
internal sealed class SharedItems(CallerContext caller, ItemVisibility visibility, IJobStore jobs, IArtifactStore artifacts)
{
    private const string JobPrefix = "job:";

    /// <summary>Makes sure that an item is the caller's to share.</summary>
    /// <returns>The item and, for a job, what it has made.</returns>
    public async Task<IReadOnlyList<string>> RequireOwnAsync(string item, CancellationToken cancellationToken)
    {
        string id = item[(item.IndexOf(':', StringComparison.Ordinal) + 1)..];
        if (!item.StartsWith(JobPrefix, StringComparison.Ordinal))
        {
            Artifact artifact = await visibility.RequireAsync(
                await artifacts.FindAsync(id, cancellationToken).ConfigureAwait(false), "artifact", id, cancellationToken).ConfigureAwait(false);
            caller.RequireOwnership(artifact);
            return [item];
        }

        Job job = await visibility.RequireAsync(
            await jobs.FindAsync(id, cancellationToken).ConfigureAwait(false), "job", id, cancellationToken).ConfigureAwait(false);
        caller.RequireOwnership(job);
        return [item, .. job.Results.Select(result => $"artifact:{result}")];
    }
}
