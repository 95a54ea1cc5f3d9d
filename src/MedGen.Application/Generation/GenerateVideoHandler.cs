using System.Text.Json;
using MedGen.Abstractions.Generation;
using MedGen.Abstractions.Models;
using MedGen.Abstractions.Plugins;
using MedGen.Application.Access;
using MedGen.Application.Idempotency;
using MedGen.Application.Jobs;
using MedGen.Application.Models;
using MedGen.Application.Plugins;
using MediatR;

namespace MedGen.Application.Generation;

internal sealed class GenerateVideoHandler(
    JobLog log, IPluginCatalog catalog, ResidentModelSource models, CallerContext caller, IdempotencyContext idempotency)
    : IRequestHandler<GenerateVideo, Job>
{
    public async Task<Job> Handle(GenerateVideo request, CancellationToken cancellationToken)
    {
        ModelDescription model = models.Describe(request.Model);

        if (request.Adapter is { } adapter)
        {
            await models.DescribeAdapterAsync(adapter, cancellationToken);
        }

        // Borrowed and given back at once: a caller learns now, not from a failed job, that nobody can do this.
        using (await catalog.AcquireAsync<IVideoGenerator>(PluginCapabilityKind.VideoGenerator, null, request.PluginId, cancellationToken))
        {
        }

        // The seed and the model's defaults are part of the stored request, so that a job which runs again makes the same clip.
        GenerateVideo complete = request with { Defaults = model.Defaults, Seed = request.Seed ?? Random.Shared.NextInt64() };
        NewJob job = new()
        {
            Kind = JobKind.Generation,
            Owner = caller.Require().Name,
            Request = JsonSerializer.Serialize(complete, JobJson.Options),
            Priority = request.Priority,
            Timeout = request.Timeout,
            GeneratedFrames = request.Over(model.Defaults).NumFrames,
            Inputs = request.SourceArtifactId is { } source ? [source] : [],
            Claim = idempotency.Claim,
        };
        return await log.CreateAsync(job, cancellationToken);
    }
}
