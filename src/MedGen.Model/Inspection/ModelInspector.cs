using System.Globalization;
using MedGen.Sdk.Errors;
using MedGen.Model.Autoencoders;
using MedGen.Model.Checkpoints;
using MedGen.Model.Sizing;
using MedGen.Model.TextEncoders;
using MedGen.Model.Transformers;
using MedGen.Torch.Operations;
using static TorchSharp.torch;

namespace MedGen.Model.Inspection;

/// <summary>Reads a model folder's headers; weights are not needed, so it also tells about a folder whose data is still to be copied.</summary>
public static class ModelInspector
{
    /// <summary>Inspects a folder.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="width">Width in px of the clip that is reckoned with, a multiple of what the model asks for: 16 for Wan 2.1; null: what the model
    /// makes where nothing is said.</param>
    /// <param name="height">Height in px, likewise.</param>
    /// <param name="numFrames">Number of frames, for Wan 2.1 4k + 1.</param>
    /// <param name="dataType">auto, float32 or bfloat16.</param>
    /// <returns>What it holds and what a clip would cost.</returns>
    /// <exception cref="ModelFormatException">There is no model, or a header or config is broken.</exception>
    /// <exception cref="InvalidInputException">The size or number type is not allowed.</exception>
    public static ModelReport Inspect(string path, int? width = null, int? height = null, int? numFrames = null, string dataType = NumberType.Auto)
    {
        ScalarType type = NumberType.Parse(dataType, CPU);
        ModelFolder folder = ModelFolder.Open(path);
        ModelFiles files = folder.Files;
        List<PartReport> parts = [];
        List<LoadedPart> loaded = [];
        WanTransformerConfig? transformer = null;
        WanAutoencoderConfig autoencoder = WanAutoencoderConfig.Wan21;
        if (files.Transformer.Count > 0)
        {
            using HeaderSet headers = HeaderSet.Read(files.Transformer, names => names.ToDictionary(name => name, WanTransformerKeys.ToOriginal));
            transformer = WanTransformerConfig.Read(headers.Shapes, files.TransformerConfig);
            loaded.Add(
                LoadedPart.Measure(
                    "transformer", headers, weights => WanTransformer.Load(weights, transformer, META, type), part => part.WeightBytes));
            parts.Add(headers.Report("transformer", Dimensions(
                ("dim", transformer.Dim), ("ffn_dim", transformer.FfnDim), ("num_heads", transformer.NumHeads), ("num_layers", transformer.NumLayers),
                ("text_len", transformer.TextLength), ("text_dim", transformer.TextDim), ("in_channels", transformer.InChannels))));
        }

        if (files.FineTune is not null)
        {
            using HeaderSet headers = HeaderSet.Read([files.FineTune], names => names.ToDictionary(name => name));
            PartReport fineTune = headers.Report("fine-tune", Dimensions());
            parts.Add(fineTune);
            // An adapter stands beside the base weights, full weights take their place.
            loaded.Add(new LoadedPart(folder.FineTuneIsAdapter ? fineTune.Parameters * GenerationCost.ItemSize(type) : 0, []));
        }

        if (files.Autoencoder is not null)
        {
            using HeaderSet headers = HeaderSet.Read([files.Autoencoder], WanAutoencoderKeys.ToOriginal);
            autoencoder = ModelFolder.AutoencoderConfig(headers.Shapes, files.AutoencoderConfig, files.Autoencoder);
            loaded.Add(
                LoadedPart.Measure(
                    "autoencoder", headers, weights => WanAutoencoder.Load(weights, autoencoder, META, ScalarType.Float32), part => part.WeightBytes));
            parts.Add(headers.Report("autoencoder", Dimensions(("dim", autoencoder.Dim), ("z_dim", autoencoder.LatentChannels))));
        }

        if (files.TextEncoder.Count > 0)
        {
            using HeaderSet headers = HeaderSet.Read(files.TextEncoder, UMT5EncoderKeys.ToOriginal);
            UMT5EncoderConfig encoder = ModelFolder.TextEncoderConfig(headers.Shapes, files.TextEncoderConfig);
            loaded.Add(
                LoadedPart.Measure("text encoder", headers, weights => UMT5Encoder.Load(weights, encoder, META, type), part => part.WeightBytes));
            parts.Add(headers.Report("text encoder", Dimensions(("vocab", encoder.VocabularySize), ("dim", encoder.Dim))));
        }

        ClipSize size = new(width ?? folder.Defaults.Width, height ?? folder.Defaults.Height, numFrames ?? folder.Defaults.NumFrames);
        return new ModelReport
        {
            Name = folder.Name,
            Variant = transformer?.Variant ?? "none",
            Layout = files.Layout.ToString(),
            IsTrained = folder.IsTrained,
            FineTune = files.FineTune is null ? null : folder.FineTuneIsAdapter ? "adapter" : "full weights",
            Parts = parts,
            Unsupported = files.Unsupported,
            Missing = [.. files.Missing, .. loaded.SelectMany(part => part.Problems)],
            Cost = transformer is null ? null : GenerationCost.Of(transformer, autoencoder, loaded.Sum(part => part.Bytes), size, type),
        };
    }

    private static Dictionary<string, string> Dimensions(params (string Name, int Value)[] dimensions) =>
        dimensions.ToDictionary(pair => pair.Name, pair => pair.Value.ToString(CultureInfo.InvariantCulture));
}
