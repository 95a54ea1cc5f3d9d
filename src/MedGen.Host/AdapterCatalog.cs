using MedGen.Application.Models;
using MedGen.Runtime;

namespace MedGen.Host;

/// <summary>The adapters in the runtime's folders.</summary>
internal sealed class AdapterCatalog(IAdapterList adapters) : IAdapterCatalog
{
    public IReadOnlyList<string> List(string? tenant) => adapters.List(tenant);
}
