using MedGen.Sdk.Errors;
using MedGen.Sdk.Models;

namespace MedGen.Application.Models;

/// <summary>The resident model by name; a host without one can still classify.</summary>
internal sealed class ResidentModelSource(AdapterNames adapters, IMedGenModel? model = null)
{
    /// <summary>Describes the resident model.</summary>
    /// <param name="name">The name asked for; null: whatever is resident.</param>
    /// <returns>Its description.</returns>
    /// <exception cref="FailedPreconditionException">No model is loaded.</exception>
    /// <exception cref="ResourceNotFoundException">Another model is asked for than the resident one.</exception>
    public ModelDescription Describe(string? name)
    {
        ModelDescription resident = model?.Description
            ?? throw new FailedPreconditionException("MODEL_NOT_LOADED", "No model is loaded; start the host with a model folder.");
        return name is null || string.Equals(name, resident.Name, StringComparison.Ordinal)
            ? resident
            : throw new ResourceNotFoundException("model", name);
    }

    /// <summary>Whether the resident model has a name.</summary>
    /// <exception cref="FailedPreconditionException">No model is loaded.</exception>
    public bool Has(string name) => Describe(null).Name == name;

    /// <summary>Makes sure that an adapter is there and fits the resident model.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="tenant">The caller's tenant.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What it is.</returns>
    /// <exception cref="FailedPreconditionException">No model is loaded.</exception>
    /// <exception cref="ResourceNotFoundException">There is no such adapter.</exception>
    /// <exception cref="ModelFormatException">It was made for another model; the modules that do not fit are named.</exception>
    public Task<AdapterDescription> DescribeAdapterAsync(string name, string tenant, CancellationToken cancellationToken)
    {
        Describe(null);
        return model!.DescribeAdapterAsync(adapters.For(name, tenant), cancellationToken);
    }
}
