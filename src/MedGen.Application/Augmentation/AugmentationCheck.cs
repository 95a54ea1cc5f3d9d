using MedGen.Application.Models;
using MedGen.Application.Plugins;
using MedGen.Datasets.Adapters;
using MedGen.Datasets.Augmentation;
using MedGen.Datasets.Running;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Plugins;

namespace MedGen.Application.Augmentation;

/// <summary>Reads a specification and asks those who would carry it out, before there is a job.</summary>
internal sealed class AugmentationCheck(IPluginCatalog catalog, PluginCalls calls, ResidentModelSource models, IAdapterTrainer? trainer = null)
{
    /// <summary>Reads and checks.</summary>
    /// <param name="json">The specification; empty: all defaults.</param>
    /// <param name="pluginId">Who makes the clips; null: the plugin that serves where none is named.</param>
    /// <param name="tenant">Whose adapters count.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The specification.</returns>
    /// <exception cref="InvalidInputException">It is wrong, or names what is not there; fields are named.</exception>
    /// <exception cref="FailedPreconditionException">Nobody can do this work, or a method needs a model and none is loaded.</exception>
    public async Task<AugmentationSpec> RequireAsync(string json, string? pluginId, string tenant, CancellationToken cancellationToken)
    {
        AugmentationSpec spec = AugmentationSpecReader.Parse(json);
        using PluginLease<IDatasetAugmenter> lease = await catalog.AcquireAsync<IDatasetAugmenter>(
            CapabilityKinds.Augmentation, null, pluginId, cancellationToken).ConfigureAwait(false);
        GuardedAugmenter augmenter = new(calls, lease, adapterName: name => name);
        MethodOptionRules.Check(spec, augmenter.Describe());
        IReadOnlyList<AdapterNeed?> needs = await AugmentationMethods.CheckAsync(spec, augmenter, trainer, cancellationToken).ConfigureAwait(false);
        IEnumerable<string> generating = augmenter.Describe().Methods.Where(method => method.Origin == ClipOrigin.Generated)
            .Select(method => method.Name);
        if (spec.Methods.Any(asked => generating.Contains(asked.Type)))
        {
            models.Describe(null);
        }

        await RequireAdaptersAsync(needs, tenant, cancellationToken).ConfigureAwait(false);
        return spec;
    }

    private async Task RequireAdaptersAsync(IReadOnlyList<AdapterNeed?> needs, string tenant, CancellationToken cancellationToken)
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
                await models.DescribeAdapterAsync(name, tenant, cancellationToken).ConfigureAwait(false);
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
