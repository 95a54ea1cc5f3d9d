using MedGen.Sdk.Errors;
using MedGen.Model.Autoencoders;
using MedGen.Model.Checkpoints;
using MedGen.Model.Sizing;
using MedGen.Model.Transformers;
using MedGen.Torch.Operations;
using static TorchSharp.torch;

namespace MedGen.Model.Inspection;

/// <summary>Reads a model folder's headers; weights are not needed, so it also tells about a folder whose data is still to be copied.</summary>
public static class ModelInspector
{
    /// <summary>Inspects a folder.</summary>
    /// <param name="path">The folder, or a card that names the files.</param>
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
            transformer = Add(InspectedPart.Transformer(files, type)).TransformerConfig;
        }

        if (files.FineTune is not null)
        {
            using HeaderSet headers = HeaderSet.Read([files.FineTune], names => names.ToDictionary(name => name));
            PartReport fineTune = headers.Report("fine-tune", new Dictionary<string, string>());
            // An adapter stands beside the base weights, full weights take their place.
            long bytes = folder.FineTuneIsAdapter ? fineTune.Parameters * GenerationCost.ItemSize(type) : 0;
            Add(new InspectedPart(fineTune, new LoadedPart(bytes, [])));
        }

        if (files.Autoencoder is not null)
        {
            autoencoder = Add(InspectedPart.Autoencoder(files)).AutoencoderConfig!;
        }

        if (files.TextEncoder.Count > 0)
        {
            Add(InspectedPart.TextEncoder(files, type));
        }

        List<string> missing = [.. files.Missing];
        if (files.ImageEncoder.Count > 0)
        {
            Add(InspectedPart.ImageEncoder(files, type));
        }
        else if (transformer?.ImageDim is not null)
        {
            missing.Add(ModelFolder.MissingImageEncoder);
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
            Missing = [.. missing, .. loaded.SelectMany(part => part.Problems)],
            Cost = transformer is null ? null : GenerationCost.Of(transformer, autoencoder, loaded.Sum(part => part.Bytes), size, type),
        };

        InspectedPart Add(InspectedPart part)
        {
            parts.Add(part.Report);
            loaded.Add(part.Loaded);
            return part;
        }
    }
}
