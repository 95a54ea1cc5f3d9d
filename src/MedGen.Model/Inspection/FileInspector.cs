using System.Globalization;
using MedGen.Model.Checkpoints;
using MedGen.Model.ImageEncoders;
using MedGen.Model.TextEncoders;
using MedGen.Sdk.Errors;
using MedGen.Torch.Weights;
using static TorchSharp.torch;

namespace MedGen.Model.Inspection;

/// <summary>Reads the header of one file of weights, and the config beside it, and says what the file is.</summary>
public static class FileInspector
{
    /// <summary>Inspects a file.</summary>
    /// <param name="path">Safetensors, GGUF or <c>.pth</c>.</param>
    /// <returns>What it holds.</returns>
    /// <exception cref="ModelFormatException">Its header is broken, or it stores weights in a way that is not read; it says which.</exception>
    public static FileReport Inspect(string path)
    {
        path = Path.GetFullPath(path);
        WeightPart part = WeightParts.Of(path);
        using WeightFile file = WeightFile.Open(path, requireData: false);
        WeightInfo[] weights = [.. file.Weights.Values.Where(weight => weight.Name != UMT5EncoderKeys.TokenizerName)];
        (IReadOnlyDictionary<string, string> dimensions, IReadOnlyList<string> problems) = Build(part, path, file);
        return new FileReport
        {
            Name = file.FileName,
            Part = part,
            Bytes = file.FileLength,
            MissingBytes = file.MissingBytes,
            Forms =
            [
                .. weights.GroupBy(weight => weight.Form, StringComparer.Ordinal).OrderBy(form => form.Key, StringComparer.Ordinal).Select(form =>
                    new FormReport(form.Key, form.Count(), form.Sum(weight => weight.ElementCount), form.Sum(weight => weight.ByteLength))),
            ],
            Dimensions = dimensions,
            Unused =
            [
                .. file.Unused.Where(unused => part != WeightPart.TextEncoder || !GgufTextStatements.Keys.Contains(unused.Split(' ')[0])),
                .. part == WeightPart.ImageEncoder ? UnusedOfImages(file) : [],
            ],
            Problems = problems,
        };
    }

    private static (IReadOnlyDictionary<string, string> Dimensions, IReadOnlyList<string> Problems) Build(
        WeightPart part, string path, WeightFile file)
    {
        ModelFiles files = NamedFileFinder.Find(path, part switch
        {
            WeightPart.Transformer => new NamedFiles(Transformer: path),
            WeightPart.TextEncoder => new NamedFiles(TextEncoder: path),
            WeightPart.Autoencoder => new NamedFiles(Autoencoder: path),
            WeightPart.ImageEncoder => new NamedFiles(ImageEncoder: path),
            _ => new NamedFiles(),
        });
        if (!GgufArchitectures.Allows(file.Architecture, PartName(part)))
        {
            return (new Dictionary<string, string>(), [$"general.architecture is '{file.Architecture}', which is no {PartName(part)} of Wan 2.1"]);
        }

        try
        {
            InspectedPart? built = part switch
            {
                WeightPart.Transformer => InspectedPart.Transformer(files, ScalarType.Float32),
                WeightPart.TextEncoder => InspectedPart.TextEncoder(files, ScalarType.Float32),
                WeightPart.Autoencoder => InspectedPart.Autoencoder(files),
                WeightPart.ImageEncoder => InspectedPart.ImageEncoder(files, ScalarType.Float32),
                _ => null,
            };
            string[] unknown = part == WeightPart.Unknown ? ["its weights have the names of no part of Wan 2.1"] : [];
            return (
                built?.Report.Dimensions ?? new Dictionary<string, string>(), [.. unknown, .. files.Unsupported, .. built?.Loaded.Problems ?? []]);
        }
        catch (ModelFormatException exception)
        {
            return (new Dictionary<string, string>(), [exception.Message]);
        }
    }

    // By what comes first in their names: a file of CLIP has hundreds of the text side.
    private static IEnumerable<string> UnusedOfImages(WeightFile file)
    {
        IReadOnlyDictionary<string, string> used = ClipVisionKeys.ToOriginal(file.Weights.Keys.Select(WrapperPrefixes.Strip));
        return file.Weights.Keys.Where(name => !used.ContainsKey(WrapperPrefixes.Strip(name)))
            .GroupBy(name => name.StartsWith("textual.", StringComparison.Ordinal) ? "textual.*" : name, StringComparer.Ordinal)
            .Select(group => group.Key == "textual.*" ? FormattableString.Invariant($"textual.* ({group.Count()} weights)") : group.Key);
    }

    private static string PartName(WeightPart part) => part == WeightPart.TextEncoder ? "text encoder"
        : part == WeightPart.ImageEncoder ? "image encoder"
        : part.ToString().ToLower(CultureInfo.InvariantCulture);
}
