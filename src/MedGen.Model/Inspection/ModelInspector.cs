using System.Globalization;
using MedGen.Abstractions.Errors;
using MedGen.Model.Autoencoders;
using MedGen.Model.Checkpoints;
using MedGen.Model.TextEncoders;
using MedGen.Model.Transformers;

namespace MedGen.Model.Inspection;

/// <summary>Reads a model folder's headers; weights are not needed, so it also tells about a folder whose data is still to be copied.</summary>
public static class ModelInspector
{
    private const int WanAutoencoderDim = 96;

    /// <summary>Inspects a folder.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="width">Width in px of the clip that is reckoned with, a multiple of 16.</param>
    /// <param name="height">Height in px, a multiple of 16.</param>
    /// <param name="numFrames">Number of frames, 4k + 1.</param>
    /// <param name="dataType">float32 or bfloat16.</param>
    /// <returns>What it holds and what a clip would cost.</returns>
    /// <exception cref="ModelFormatException">There is no model, or a header or config is broken.</exception>
    /// <exception cref="InvalidInputException">The size or number type is not allowed.</exception>
    public static ModelReport Inspect(string path, int width = 832, int height = 480, int numFrames = 81, string dataType = "bfloat16")
    {
        Check(width, height, numFrames, dataType);
        ModelFolder folder = ModelFolder.Open(path);
        ModelFiles files = folder.Files;
        List<PartReport> parts = [];
        WanTransformerConfig? transformer = null;
        int autoencoderDim = WanAutoencoderDim;
        if (files.Transformer.Count > 0)
        {
            HeaderSet headers = HeaderSet.Read(files.Transformer, names => names.ToDictionary(name => name, WanTransformerKeys.ToOriginal));
            transformer = WanTransformerConfig.Read(headers.Shapes, files.TransformerConfig);
            parts.Add(headers.Report("transformer", Dimensions(
                ("dim", transformer.Dim), ("ffn_dim", transformer.FfnDim), ("num_heads", transformer.NumHeads), ("num_layers", transformer.NumLayers),
                ("text_len", transformer.TextLength), ("text_dim", transformer.TextDim), ("in_channels", transformer.InChannels))));
        }

        if (files.FineTune is not null)
        {
            parts.Add(HeaderSet.Read([files.FineTune], Same).Report("fine-tune", Dimensions()));
        }

        if (files.Autoencoder is not null)
        {
            HeaderSet headers = HeaderSet.Read([files.Autoencoder], WanAutoencoderKeys.ToOriginal);
            autoencoderDim = headers.Shapes.TryGetValue("encoder.conv1.weight", out IReadOnlyList<long>? first) ? (int)first[0] : WanAutoencoderDim;
            int latent = headers.Shapes.TryGetValue("conv2.weight", out IReadOnlyList<long>? last) ? (int)last[0] : 0;
            parts.Add(headers.Report("autoencoder", Dimensions(("dim", autoencoderDim), ("z_dim", latent))));
        }

        if (files.TextEncoder.Count > 0)
        {
            HeaderSet headers = HeaderSet.Read(files.TextEncoder, UMT5EncoderKeys.ToOriginal);
            int[] table = headers.Shapes.TryGetValue("token_embedding.weight", out IReadOnlyList<long>? shape) ? [(int)shape[0], (int)shape[1]] : [0, 0];
            parts.Add(headers.Report("text encoder", Dimensions(("vocab", table[0]), ("dim", table[1]))));
        }

        long transformerParameters = parts.Where(part => part.Part == "transformer").Sum(part => part.Parameters);
        long others = parts.Where(part => part.Part is "autoencoder" or "text encoder").Sum(part => part.Parameters);
        return new ModelReport
        {
            Name = folder.Name,
            Variant = transformer?.Variant ?? "none",
            Layout = files.Layout.ToString(),
            IsTrained = folder.IsTrained,
            FineTune = files.FineTune is null ? null : folder.FineTuneIsAdapter ? "adapter" : "full weights",
            Parts = parts,
            Missing = files.Missing,
            Cost = transformer is null ? null : GenerationCost.Of(transformer, autoencoderDim, (transformerParameters, others), (width, height, numFrames), dataType),
        };
    }

    private static void Check(int width, int height, int numFrames, string dataType)
    {
        List<FieldViolation> violations = [];
        foreach ((string field, int value) in new[] { ("width", width), ("height", height) })
        {
            if (value < 16 || value % 16 != 0)
            {
                violations.Add(new FieldViolation(field, $"got {value}; allowed are multiples of 16 from 16"));
            }
        }

        if (numFrames < 1 || numFrames % 4 != 1)
        {
            violations.Add(new FieldViolation("num_frames", $"got {numFrames}; allowed are 4k + 1: 1, 5, 9, …"));
        }

        if (dataType is not ("float32" or "bfloat16"))
        {
            violations.Add(new FieldViolation("dtype", $"got '{dataType}'; allowed are float32 and bfloat16"));
        }

        if (violations.Count > 0)
        {
            throw new InvalidInputException(violations);
        }
    }

    private static Dictionary<string, string> Same(IEnumerable<string> names) => names.ToDictionary(name => name);

    private static Dictionary<string, string> Dimensions(params (string Name, int Value)[] dimensions) =>
        dimensions.ToDictionary(pair => pair.Name, pair => pair.Value.ToString(CultureInfo.InvariantCulture));
}
