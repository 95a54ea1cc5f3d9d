namespace MedGen.Classifiers.Temporal;

/// <summary>The weights of one stage; matrices are row-major, a row per output.</summary>
internal sealed class TemporalStage
{
    public TemporalStage(TemporalNetwork network, string name)
    {
        Input = Dense(network, $"{name}.in");
        Layers = [.. Enumerable.Range(0, network.Config.Layers).Select(l => new TemporalLayer(
            new DenseLayer(
                TemporalFilter.Values(network, $"{name}.layer{l}.dilated.weight", 0, 2, 1), // [Maps, Taps, Maps]: taps oldest first
                TemporalFilter.Values(network, $"{name}.layer{l}.dilated.bias")),
            Dense(network, $"{name}.layer{l}.point"),
            1 << l))];
        Output = Dense(network, $"{name}.out");
    }

    public DenseLayer Input { get; }

    public IReadOnlyList<TemporalLayer> Layers { get; }

    public DenseLayer Output { get; }

    private static DenseLayer Dense(TemporalNetwork network, string name) =>
        new(TemporalFilter.Values(network, $"{name}.weight"), TemporalFilter.Values(network, $"{name}.bias"));
}
