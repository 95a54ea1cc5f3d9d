using System.Text.Json;
using MedGen.Abstractions.Augmentation;
using MedGen.Abstractions.Plugins;
using MedGen.Application.Access;
using MedGen.Application.Idempotency;
using MedGen.Application.Jobs;
using MedGen.Application.Models;
using MedGen.Application.Plugins;
using MedGen.Datasets.Augmentation;
using MediatR;

namespace MedGen.Application.Augmentation;

internal sealed class AugmentDatasetHandler(
    JobLog log, IPluginCatalog catalog, ResidentModelSource models, DatasetFolders folders, CallerContext caller, IdempotencyContext idempotency)
    : IRequestHandler<AugmentDataset, Job>
{
    public async Task<Job> Handle(AugmentDataset request, CancellationToken cancellationToken)
    {
        foreach (string path in new[] { request.DataFolder, request.OutputFolder }.OfType<string>())
        {
            folders.Require(path);
        }

        // A caller learns now, not from a failed job, what is wrong with the specification, or that nobody can do this.
        AugmentationSpec spec = AugmentationSpecReader.Parse(request.Spec);
        using (PluginLease<IDatasetAugmenter> lease = await catalog.AcquireAsync<IDatasetAugmenter>(PluginCapabilityKind.DatasetAugmenter, null, request.PluginId, cancellationToken))
        {
            AugmentationSpecReader.CheckMethods(spec, lease.Service);
            if (lease.Service.Methods.Any(method => method.Origin == ClipOrigin.Generated && spec.Methods.Any(asked => asked.Type == method.Name)))
            {
                models.Describe(null);
            }
        }

        NewJob job = new()
        {
            Kind = JobKind.Augmentation,
            Owner = caller.Require().Name,
            Request = JsonSerializer.Serialize(request, JobJson.Options),
            Timeout = request.Timeout,
            Inputs = request.DatasetArtifactId is { } artifact ? [artifact] : [],
            Claim = idempotency.Claim,
        };
        return await log.CreateAsync(job, cancellationToken);
    }
}
