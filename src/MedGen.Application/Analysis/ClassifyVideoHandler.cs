using System.Text.Json;
using MedGen.Abstractions.Classification;
using MedGen.Abstractions.Plugins;
using MedGen.Application.Access;
using MedGen.Application.Idempotency;
using MedGen.Application.Jobs;
using MedGen.Application.Plugins;
using MediatR;

namespace MedGen.Application.Analysis;

internal sealed class ClassifyVideoHandler(JobLog log, IPluginCatalog catalog, CallerContext caller, IdempotencyContext idempotency)
    : IRequestHandler<ClassifyVideo, Job>
{
    public async Task<Job> Handle(ClassifyVideo request, CancellationToken cancellationToken)
    {
        // Borrowed and given back at once: a caller learns now, not from a failed job, that nobody can do this.
        using (await catalog.AcquireAsync<IVideoClassifier>(
            PluginCapabilityKind.VideoClassifier, request.Task, request.PluginId, cancellationToken))
        {
        }

        NewJob job = new()
        {
            Kind = JobKind.Classification,
            Owner = caller.Require().Name,
            Request = JsonSerializer.Serialize(request, JobJson.Options),
            Priority = request.Priority,
            Timeout = request.Timeout,
            Inputs = [request.ArtifactId],
            Claim = idempotency.Claim,
        };
        return await log.CreateAsync(job, cancellationToken);
    }
}
