using System.Text.Json;
using MedGen.Application.Access;
using MedGen.Application.Artifacts;
using MedGen.Application.Idempotency;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Serving;

namespace MedGen.Application.Jobs;

/// <summary>Takes a caller's jobs into the queue: in the caller's name and tenant, with inputs that the caller may see.</summary>
internal sealed class JobIntake(
    JobQueue queue, CallerContext context, ItemVisibility visibility, IArtifactStore artifacts, StorageQuota quota, IdempotencyContext idempotency)
{
    /// <summary>Queues a job.</summary>
    /// <param name="kind">What it does.</param>
    /// <param name="request">What is asked; kept so that the job can run again.</param>
    /// <param name="priority">How urgent it is.</param>
    /// <param name="timeout">How long it may take, waiting included; null: no limit.</param>
    /// <param name="inputs">Ids of the artifacts that it reads.</param>
    /// <param name="generatedFrames">Frames that it will generate.</param>
    /// <param name="cancellationToken">Gives up before the write.</param>
    /// <exception cref="ResourceNotFoundException">The input is not there, or the caller may not see it.</exception>
    /// <exception cref="ResourceExhaustedException">The caller, or its tenant, stores as much as it may.</exception>
    public async Task<Job> AddAsync<TRequest>(
        JobKind kind,
        TRequest request,
        ServicePriority priority,
        TimeSpan? timeout,
        IReadOnlyList<string> inputs,
        int generatedFrames,
        CancellationToken cancellationToken)
    {
        Caller caller = context.Require();
        await RequireVisibleAsync(inputs, cancellationToken).ConfigureAwait(false);
        if (kind != JobKind.Classification)
        {
            await quota.RequireRoomAsync(caller, cancellationToken).ConfigureAwait(false);
        }

        NewJob job = new()
        {
            Kind = kind,
            Owner = caller.Name,
            Tenant = caller.OwnTenant,
            Request = JsonSerializer.Serialize(request, JobJson.Options),
            Priority = priority,
            Timeout = timeout,
            GeneratedFrames = generatedFrames,
            Inputs = [.. inputs.Distinct(StringComparer.Ordinal)],
            Claim = idempotency.Claim,
        };
        return await queue.CreateAsync(job, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes sure that the caller may see artifacts, for whoever looks into them before the job is queued.</summary>
    /// <param name="inputs">Their ids.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ResourceNotFoundException">One is not there, or the caller may not see it.</exception>
    public async Task RequireVisibleAsync(IReadOnlyList<string> inputs, CancellationToken cancellationToken)
    {
        foreach (string input in inputs)
        {
            await visibility.RequireAsync(
                await artifacts.FindAsync(input, cancellationToken).ConfigureAwait(false), "artifact", input, cancellationToken)
                .ConfigureAwait(false);
        }
    }
}
