using MedGen.Model.Adapters;
using MedGen.Model.Autoencoders;
using MedGen.Model.ImageEncoders;
using MedGen.Model.TextEncoders;
using MedGen.Model.Transformers;
using MedGen.Torch.Gguf;
using MedGen.Torch.Safetensors;
using MedGen.Torch.Archives;
using MedGen.Torch.Weights;

namespace MedGen.Model.Checkpoints;

/// <summary>Tells by the names in a file what it is for, whatever the file is called.</summary>
internal static class WeightParts
{
    private static readonly string[] TransformerNames =
        ["blocks.", "patch_embedding.", "text_embedding.", "time_embedding.", "time_projection.", "head."];

    /// <summary>Looks at a file's header.</summary>
    /// <exception cref="MedGen.Sdk.Errors.ModelFormatException">It is broken.</exception>
    public static WeightPart Of(string path)
    {
        string[] names = [.. NamesIn(path)];
        if (LoraAdapter.IsAdapter(names))
        {
            return WeightPart.Adapter;
        }

        string[] stripped = [.. names.Select(WrapperPrefixes.Strip).Distinct(StringComparer.Ordinal)];
        return stripped.Any(ClipVisionKeys.IsOfEncoder) ? WeightPart.ImageEncoder
            : UMT5EncoderKeys.ToOriginal(stripped).Values.Contains("token_embedding.weight") ? WeightPart.TextEncoder
            : WanAutoencoderKeys.ToOriginal(stripped).Values.Contains("decoder.conv1.weight") ? WeightPart.Autoencoder
            : stripped.Select(WanTransformerKeys.ToOriginal).Any(IsOfTransformer) ? WeightPart.Transformer
            : WeightPart.Unknown;
    }

    private static bool IsOfTransformer(string name) => Array.Exists(TransformerNames, part => name.StartsWith(part, StringComparison.Ordinal));

    // Of the header alone: a file may store its weights in a way that is refused, and still say by its names what it is.
    private static IEnumerable<string> NamesIn(string path) => WeightFile.IsGguf(path) ? GgufHeader.Read(path, requireData: false).Tensors.Keys
        : WeightFile.IsTorch(path) ? TorchArchive.ReadHeader(path).Tensors.Keys
        : SafetensorsHeader.Read(path, requireData: false).Tensors.Keys;
}
