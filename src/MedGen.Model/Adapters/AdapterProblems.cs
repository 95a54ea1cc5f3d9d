namespace MedGen.Model.Adapters;

/// <summary>
/// What is wrong with an adapter file: one sentence a kind with the first example, because a file of hundreds of layers repeats itself.
/// </summary>
internal sealed class AdapterProblems
{
    private readonly OrderedDictionary<string, (int Count, string Example)> _kinds = new(StringComparer.Ordinal);

    public bool Any => _kinds.Count > 0;

    /// <summary>Adds a problem.</summary>
    /// <param name="kind">What is wrong, the same for all of its kind.</param>
    /// <param name="example">Where, and with which numbers.</param>
    public void Add(string kind, string example) =>
        _kinds[kind] = _kinds.TryGetValue(kind, out (int Count, string Example) known) ? (known.Count + 1, known.Example) : (1, example);

    public override string ToString() => string.Join("; ", _kinds.Select(kind => kind.Value.Count == 1
        ? $"{kind.Key}: {kind.Value.Example}"
        : FormattableString.Invariant($"{kind.Key}: {kind.Value.Count} times, for instance {kind.Value.Example}")));
}
