namespace MedGen.Runtime.Adapters;

/// <summary>The adapters of one generation; all are given back together.</summary>
internal sealed class AdapterLeases : IDisposable
{
    private readonly List<AdapterLease> _all = [];

    public IReadOnlyList<AdapterLease> All => _all;

    public void Add(AdapterLease lease) => _all.Add(lease);

    public void Dispose() => _all.ForEach(lease => lease.Dispose());
}
