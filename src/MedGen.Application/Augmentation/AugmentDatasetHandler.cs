using System.Text.Json;
using MedGen.Abstractions.Augmentation;
using MedGen.Abstractions.Errors;
using MedGen.Abstractions.Plugins;
using MedGen.Application.Access;
using MedGen.Application.Idempotency;
using MedGen.Application.Jobs;
using MedGen.Application.Models;
using MedGen.Application.Plugins;
using MedGen.Datasets.Adapters;
using MedGen.Datasets.Augmentation;
using MediatR;

namespace MedGen.Application.Augmentation;

internal sealed class AugmentDatasetHandler(
    JobLog log, IPluginCatalog catalog, ResidentModelSource models, DatasetFolders folders, CallerContext caller, IdempotencyContext idempotency, IAdapterTrainer? trainer = null)
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
            AugmentationSpecReader.CheckMethods(spec, lease.Service, trainer);
            if (lease.Service.Methods.Any(method => method.Origin == ClipOrigin.Generated && spec.Methods.Any(asked => asked.Type == method.Name)))
            {
                models.Describe(null);
            }

            await RequireAdaptersAsync(AdapterNeeds.Of(spec, lease.Service), cancellationToken);
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

    private async Task RequireAdaptersAsync(IReadOnlyList<AdapterNeed?> needs, CancellationToken cancellationToken)
    {
        for (int i = 0; i < needs.Count; i++)
        {
            if (needs[i] is not NamedAdapter { Name: var name })
            {
                continue;
            }

            string field = $"methods[{i}].options.adapter";
            try
            {
                await models.DescribeAdapterAsync(name, cancellationToken);
            }
            catch (ResourceNotFoundException)
            {
                throw new InvalidInputException(field, $"got '{name}', and the host has no adapter of this name in its folders.");
            }
            catch (Exception exception) when (exception is ModelFormatException or InvalidInputException)
            {
                throw new InvalidInputException(field, $"got '{name}'. {exception.Message}");
            }
        }
    }
}
