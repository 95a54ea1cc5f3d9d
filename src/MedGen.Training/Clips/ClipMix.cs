namespace MedGen.Training.Clips;

/// <summary>Draws from several sources: the source by its weight, then any of its items with equal chance, with replacement.</summary>
/// <typeparam name="T">Item.</typeparam>
internal sealed class ClipMix<T>
{
    private readonly (double Weight, IReadOnlyList<T> Items)[] _sources;

    /// <summary>Creates the mix.</summary>
    /// <param name="sources">Weight and items of each; those without items are left out.</param>
    public ClipMix(IEnumerable<(double Weight, IReadOnlyList<T> Items)> sources) => _sources = [.. sources.Where(source => source.Items.Count > 0)];

    /// <summary>Whether there is nothing to draw.</summary>
    public bool IsEmpty => _sources.Length == 0;

    /// <summary>All items.</summary>
    public IEnumerable<T> All => _sources.SelectMany(source => source.Items);

    /// <summary>Draws one.</summary>
    public T Draw(Random random)
    {
        double at = random.NextDouble() * _sources.Sum(source => source.Weight);
        int index = 0;
        while (index < _sources.Length - 1 && at >= _sources[index].Weight)
        {
            at -= _sources[index++].Weight;
        }

        IReadOnlyList<T> items = _sources[index].Items;
        return items[random.Next(items.Count)];
    }
}
