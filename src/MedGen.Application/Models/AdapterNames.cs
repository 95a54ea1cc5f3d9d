using MedGen.Sdk.Errors;
using MedGen.Sdk.Generation;
using Microsoft.Extensions.Options;

namespace MedGen.Application.Models;

/// <summary>
/// Names of adapters as the resident model knows them. A caller says NAME; for a tenant with adapters of its own the model is asked for TENANT/NAME,
/// which it looks for among those first and then among everybody's. What a caller writes has no slash, so nobody reaches another tenant's.
/// </summary>
internal sealed class AdapterNames(IOptions<MedGenApplicationOptions> options)
{
    /// <summary>The name that the model is asked for.</summary>
    /// <exception cref="InvalidInputException">The caller wrote a slash.</exception>
    public string For(string name, string tenant) => name.Contains('/', StringComparison.Ordinal)
        ? throw new InvalidInputException("adapter", $"got '{name}'; allowed is the name of an adapter, without a slash.")
        : OwnerFor(tenant) is { } owner ? $"{owner}/{name}" : name;

    /// <summary>Whose adapters a tenant reaches beside everybody's; null: nobody's.</summary>
    public string? OwnerFor(string tenant) => options.Value.AdapterTenants.Contains(tenant) ? tenant : null;

    /// <summary>A request as a generator gets it.</summary>
    public VideoGenerationRequest For(VideoGenerationRequest request, string tenant) => request with
    {
        Wan = request.Wan with
        {
            Adapter = request.Wan.Adapter is { } name ? For(name, tenant) : null,
            Adapters = [.. request.Wan.Adapters.Select(use => use with { Name = For(use.Name, tenant) })],
        },
    };
}
