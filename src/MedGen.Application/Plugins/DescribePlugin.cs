using MedGen.Application.Validation;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Plugins;
using MediatR;

namespace MedGen.Application.Plugins;

/// <summary>What a plugin takes and gives. Only an active plugin can say so.</summary>
public sealed record DescribePlugin : IRequest<PluginDescription>
{
    /// <summary>Id of the plugin.</summary>
    [Identifier]
    public required string PluginId { get; init; }
}

internal sealed class DescribePluginHandler(IPluginCatalog catalog) : IRequestHandler<DescribePlugin, PluginDescription>
{
    public async Task<PluginDescription> Handle(DescribePlugin request, CancellationToken cancellationToken)
    {
        PluginStatus status = catalog.GetStatus(request.PluginId);
        List<AnalyzerDescription> analyzers = [];
        string version = status.Version;
        foreach (PluginCapability capability in status.Capabilities.Where(capability => capability.Kind == CapabilityKinds.Analysis))
        {
            using PluginLease<IVideoAnalyzer> lease = await catalog.AcquireAsync<IVideoAnalyzer>(
                capability.Kind, capability.Task, request.PluginId, cancellationToken).ConfigureAwait(false);
            analyzers.Add(lease.Service.Describe());
            version = lease.PluginVersion;
        }

        GeneratorDescription? generator = null;
        if (status.Capabilities.Any(capability => capability.Kind == CapabilityKinds.Generation))
        {
            using PluginLease<IVideoGenerator> lease = await catalog.AcquireAsync<IVideoGenerator>(
                CapabilityKinds.Generation, null, request.PluginId, cancellationToken).ConfigureAwait(false);
            (generator, version) = (lease.Service.Describe(), lease.PluginVersion);
        }

        AugmenterDescription? augmenter = null;
        if (status.Capabilities.Any(capability => capability.Kind == CapabilityKinds.Augmentation))
        {
            using PluginLease<IDatasetAugmenter> lease = await catalog.AcquireAsync<IDatasetAugmenter>(
                CapabilityKinds.Augmentation, null, request.PluginId, cancellationToken).ConfigureAwait(false);
            (augmenter, version) = (lease.Service.Describe(), lease.PluginVersion);
        }

        return new PluginDescription
        {
            PluginId = status.Id, PluginVersion = version, Analyzers = analyzers, Generator = generator, Augmenter = augmenter,
        };
    }
}
