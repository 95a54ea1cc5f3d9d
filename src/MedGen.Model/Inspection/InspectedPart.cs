using System.Globalization;
using MedGen.Model.Autoencoders;
using MedGen.Model.Checkpoints;
using MedGen.Model.ImageEncoders;
using MedGen.Model.TextEncoders;
using MedGen.Model.Transformers;
using static TorchSharp.torch;

namespace MedGen.Model.Inspection;

/// <summary>A part of a model as its headers and config describe it.</summary>
/// <param name="Report">What its files hold.</param>
/// <param name="Loaded">What it takes once it is loaded.</param>
internal sealed record InspectedPart(PartReport Report, LoadedPart Loaded)
{
    /// <summary>The transformer's dimensions; null for another part.</summary>
    public WanTransformerConfig? TransformerConfig { get; private init; }

    /// <summary>The autoencoder's dimensions; null for another part.</summary>
    public WanAutoencoderConfig? AutoencoderConfig { get; private init; }

    /// <summary>The transformer of some files.</summary>
    public static InspectedPart Transformer(ModelFiles files, ScalarType type)
    {
        using HeaderSet headers = HeaderSet.Read(files.Transformer, names => names.ToDictionary(name => name, WanTransformerKeys.ToOriginal));
        WanTransformerConfig config = WanTransformerConfig.Read(headers.Shapes, files.TransformerConfig);
        Dictionary<string, string> dimensions = Dimensions(
            ("dim", config.Dim), ("ffn_dim", config.FfnDim), ("num_heads", config.NumHeads), ("num_layers", config.NumLayers),
            ("text_len", config.TextLength), ("text_dim", config.TextDim), ("in_channels", config.InChannels));
        if (config.ImageDim is { } image)
        {
            dimensions.Add("image_dim", image.ToString(CultureInfo.InvariantCulture));
        }

        PartReport report = headers.Report("transformer", dimensions);
        LoadedPart loaded = LoadedPart.Measure(
            "transformer", headers, weights => WanTransformer.Load(weights, config, META, type), part => part.WeightBytes);
        return new InspectedPart(report, loaded) { TransformerConfig = config };
    }

    /// <summary>The text encoder of some files.</summary>
    public static InspectedPart TextEncoder(ModelFiles files, ScalarType type)
    {
        using HeaderSet headers = HeaderSet.Read(files.TextEncoder, UMT5EncoderKeys.ToOriginal);
        UMT5EncoderConfig config = ModelFolder.TextEncoderConfig(headers.Shapes, files.TextEncoderConfig, headers.Statements);
        PartReport report = headers.Report("text encoder", Dimensions(("vocab", config.VocabularySize), ("dim", config.Dim)));
        return new InspectedPart(report, LoadedPart.Measure(
            "text encoder", headers, weights => UMT5Encoder.Load(weights, config, META, type), part => part.WeightBytes));
    }

    /// <summary>The autoencoder of a file.</summary>
    public static InspectedPart Autoencoder(ModelFiles files)
    {
        using HeaderSet headers = HeaderSet.Read([files.Autoencoder!], WanAutoencoderKeys.ToOriginal);
        WanAutoencoderConfig config = ModelFolder.AutoencoderConfig(headers.Shapes, files.AutoencoderConfig, files.Autoencoder!);
        PartReport report = headers.Report("autoencoder", Dimensions(("dim", config.Dim), ("z_dim", config.LatentChannels)));
        LoadedPart loaded = LoadedPart.Measure(
            "autoencoder", headers, weights => WanAutoencoder.Load(weights, config, META, ScalarType.Float32), part => part.WeightBytes);
        return new InspectedPart(report, loaded) { AutoencoderConfig = config };
    }

    /// <summary>The image encoder of some files.</summary>
    public static InspectedPart ImageEncoder(ModelFiles files, ScalarType type)
    {
        using HeaderSet headers = HeaderSet.Read(files.ImageEncoder, ClipVisionKeys.ToOriginal);
        ClipVisionConfig config = ClipVisionConfig.Read(headers.Shapes, files.ImageEncoderConfig);
        PartReport report = headers.Report("image encoder", Dimensions(
            ("dim", config.Dim), ("num_heads", config.NumHeads), ("layers_used", config.NumLayers), ("image_size", config.ImageSize)));
        return new InspectedPart(report, LoadedPart.Measure(
            "image encoder", headers, weights => ClipVisionEncoder.Load(weights, config, META, type), part => part.WeightBytes));
    }

    private static Dictionary<string, string> Dimensions(params (string Name, int Value)[] dimensions) =>
        dimensions.ToDictionary(pair => pair.Name, pair => pair.Value.ToString(CultureInfo.InvariantCulture));
}
