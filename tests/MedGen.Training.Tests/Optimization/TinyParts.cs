using MedGen.Model.Autoencoders;
using MedGen.Model.TextEncoders;
using MedGen.Model.Transformers;

namespace MedGen.Training.Tests.Optimization;

/// <summary>Sizes of parts that compute in milliseconds.</summary>
internal static class TinyParts
{
    public static WanAutoencoderConfig Autoencoder { get; } = new()
    {
        Dim = 4, LatentChannels = 4, Multipliers = [1, 2, 2, 2], NumResidualBlocks = 1, TemporalDownsample = [false, true, true], LatentMean = [0, 0, 0, 0], LatentStd = [1, 1, 1, 1],
    };

    public static WanTransformerConfig Transformer { get; } = new()
    {
        Dim = 24, FfnDim = 32, NumHeads = 2, NumLayers = 2, InChannels = 4, OutChannels = 4, TextDim = 16, TextLength = 16, FreqDim = 16,
    };

    public static UMT5EncoderConfig TextEncoder { get; } = new() { VocabularySize = 50, Dim = 16, AttentionDim = 16, FeedForwardDim = 24, NumHeads = 2, NumLayers = 2 };
}
