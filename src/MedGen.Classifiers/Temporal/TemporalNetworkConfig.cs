using System.ComponentModel.DataAnnotations;

namespace MedGen.Classifiers.Temporal;

/// <summary>Sizes of a temporal network. The defaults are those of TeCNO (Czempiel et al. 2020) with 64 instead of 32 maps.</summary>
public sealed record TemporalNetworkConfig
{
    /// <summary>Length of the features of one frame, at least 1.</summary>
    [Range(1, 65_536)]
    public required int FeatureLength { get; init; }

    /// <summary>Number of classes, at least 2.</summary>
    [Range(2, 1024)]
    public required int Classes { get; init; }

    /// <summary>Maps of each layer, 1 to 1,024.</summary>
    [Range(1, 1024)]
    public int Maps { get; init; } = 64;

    /// <summary>Layers of a stage, 1 to 12; layer i looks back 2 · 2^i frames, so a stage sees 2^(layers + 1) − 1 frames.</summary>
    [Range(1, 12)]
    public int Layers { get; init; } = 8;

    /// <summary>Stages, 1 to 4; each after the first reads the probabilities of the one before.</summary>
    [Range(1, 4)]
    public int Stages { get; init; } = 2;

    internal int InputLength(int stage) => stage == 0 ? FeatureLength : Classes;

    internal IEnumerable<(string Name, long[] Shape)> Shapes()
    {
        yield return ("input.mean", [FeatureLength]);
        yield return ("input.scale", [FeatureLength]);
        for (int stage = 0; stage < Stages; stage++)
        {
            yield return ($"stage{stage}.in.weight", [Maps, InputLength(stage)]);
            yield return ($"stage{stage}.in.bias", [Maps]);
            for (int layer = 0; layer < Layers; layer++)
            {
                yield return ($"stage{stage}.layer{layer}.dilated.weight", [Maps, Maps, TemporalNetwork.Taps]);
                yield return ($"stage{stage}.layer{layer}.dilated.bias", [Maps]);
                yield return ($"stage{stage}.layer{layer}.point.weight", [Maps, Maps]);
                yield return ($"stage{stage}.layer{layer}.point.bias", [Maps]);
            }

            yield return ($"stage{stage}.out.weight", [Classes, Maps]);
            yield return ($"stage{stage}.out.bias", [Classes]);
        }
    }
}
