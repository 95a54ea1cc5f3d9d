namespace MedGen.Model.Autoencoders;

/// <summary>
/// Puts the layers of stages into a sequence under their released names: in Wan 2.1 one list (<c>downsamples.I</c>), in Wan 2.2 a list a stage
/// (<c>downsamples.S.downsamples.I</c>) with a shortcut beside it.
/// </summary>
/// <param name="target">Where they go.</param>
/// <param name="part"><c>encoder</c> or <c>decoder</c>.</param>
/// <param name="list"><c>downsamples</c> or <c>upsamples</c>.</param>
/// <param name="isResidual">Whether it is Wan 2.2's form.</param>
internal sealed class StageBuilder(LayerSequence target, string part, string list, bool isResidual)
{
    private LayerSequence _layers = new();
    private int _index;
    private int _stage;

    /// <summary>Adds the next layer.</summary>
    /// <param name="create">Makes it, given the name of its weights.</param>
    public void Add(Func<string, ILayer> create)
    {
        string name = isResidual ? $"{list}.{_stage}.{list}.{_index++}" : $"{list}.{_index++}";
        (isResidual ? _layers : target).Add(name, create($"{part}.{name}"));
    }

    /// <summary>Ends a stage.</summary>
    /// <param name="shortcut">What stands beside it in Wan 2.2; null: nothing.</param>
    public void EndStage(ILayer? shortcut)
    {
        if (isResidual)
        {
            string name = $"{list}.{_stage++}";
            target.Add(name, new ResidualStage(name, _layers, shortcut));
            (_layers, _index) = (new LayerSequence(), 0);
        }
    }
}
