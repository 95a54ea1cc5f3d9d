using MedGen.Model.Checkpoints;
using MedGen.Model.Inspection;
using MedGen.Sdk.Errors;
using MedGen.Torch.Safetensors;

namespace MedGen.Model.Conversion;

/// <summary>
/// Writes a model, or one part of it, under the names and in the number type of another program. The result is loaded before it counts.
/// </summary>
public static class ModelConversion
{
    /// <summary>Converts.</summary>
    /// <param name="input">A model folder, a card that names files, or a single file of a transformer, text encoder or autoencoder.</param>
    /// <param name="output">A folder that is not there or is empty; of a single file a <c>.safetensors</c> that is not there.</param>
    /// <param name="layout">Whose names and folders.</param>
    /// <param name="type">BF16, or F8_E4M3 with a scale for each linear of transformer and text encoder.</param>
    /// <returns>The files, relative to the output.</returns>
    /// <exception cref="InvalidInputException">Layout and type do not go together, or the output is there.</exception>
    /// <exception cref="ModelFormatException">The model does not load, or holds what the layout has no place for. Nothing is left behind.</exception>
    public static IReadOnlyList<string> Run(string input, string output, ConversionLayout layout, SafetensorsDataType type)
    {
        ArgumentException.ThrowIfNullOrEmpty(input);
        ArgumentException.ThrowIfNullOrEmpty(output);
        Violations violations = new();
        violations.Require(
            type is SafetensorsDataType.BF16 or SafetensorsDataType.F8E4M3, "dtype", $"got {type}", $"bfloat16, float8_e4m3fn");
        violations.Require(
            type != SafetensorsDataType.F8E4M3 || layout != ConversionLayout.Diffusers, "dtype", $"got float8_e4m3fn",
            $"bfloat16 with the layout diffusers, which reads no scales");
        violations.Require(
            !File.Exists(output) && !(Directory.Exists(output) && Directory.EnumerateFileSystemEntries(output).Any()), "out", $"is there",
            $"a place that is empty");
        violations.ThrowIfAny();
        return File.Exists(input) && Path.GetExtension(input) != ".json"
            ? RunFile(input, output, layout, type)
            : RunFolder(input, output, layout, type);
    }

    private static IReadOnlyList<string> RunFile(string input, string output, ConversionLayout layout, SafetensorsDataType type)
    {
        FileReport report = FileInspector.Inspect(input);
        if (report.Problems.Count > 0 || report.MissingBytes > 0)
        {
            throw new ModelFormatException(report.Name, $"{report.Name} does not load: {string.Join("; ", report.Problems)}.");
        }

        Violations violations = new();
        violations.Require(
            report.Part is WeightPart.Transformer or WeightPart.TextEncoder or WeightPart.Autoencoder, "in",
            $"is {report.Part}", $"Transformer, TextEncoder, Autoencoder, or a model folder");
        violations.Require(
            Path.GetExtension(output) == ".safetensors", "out", $"has the ending '{Path.GetExtension(output)}'",
            $".safetensors, as a file is converted");
        violations.ThrowIfAny();
        using ConvertedPart part = ConvertedPart.Open(report.Part, [input]);
        string written = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(output))!, $".{Guid.NewGuid():N}.safetensors");
        try
        {
            part.Write(written, layout, type);
            if (FileInspector.Inspect(written).Problems is { Count: > 0 } problems)
            {
                throw new ModelFormatException(report.Name, $"{report.Name} was converted to what does not load: {string.Join("; ", problems)}.");
            }

            File.Move(written, output);
        }
        finally
        {
            File.Delete(written);
        }

        return [Path.GetFileName(output)];
    }

    private static IReadOnlyList<string> RunFolder(string input, string output, ConversionLayout layout, SafetensorsDataType type)
    {
        ModelFolder folder = ModelFolder.Open(input);
        ModelReport report = ModelInspector.Inspect(input);
        string[] problems =
        [
            .. report.Unsupported, .. report.Missing,
            .. folder.FineTuneIsAdapter ? ["the adapter beside the base is not merged; move it, and name it in requests"] : Array.Empty<string>(),
            .. folder.Files.BoundaryRatio is { } boundary && layout != ConversionLayout.Diffusers
                && boundary != ModelBoundary.Released(folder.NeedsFirstFrame)
                ? [FormattableString.Invariant($"boundary_ratio is {boundary}, which this layout cannot state")]
                : Array.Empty<string>(),
        ];
        if (problems.Length > 0)
        {
            throw new ModelFormatException(folder.Name, $"'{folder.Name}' is not converted: {string.Join("; ", problems)}.");
        }

        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(output));
        string partial = Path.Combine(Path.GetDirectoryName(full)!, $".{Path.GetFileName(full)}.{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(partial);
            new ConvertedFolder(folder, partial, layout, type).Write();
            ModelFolder.Open(partial).ThrowIfIncomplete();
            ModelLoad.Measure(partial, "float32");
            if (Directory.Exists(full))
            {
                Directory.Delete(full);
            }

            Directory.Move(partial, full);
        }
        finally
        {
            if (Directory.Exists(partial))
            {
                Directory.Delete(partial, recursive: true);
            }
        }

        IEnumerable<string> written = Directory.EnumerateFiles(full, "*", SearchOption.AllDirectories);
        return [.. written.Select(path => Path.GetRelativePath(full, path)).Order(StringComparer.Ordinal)];
    }
}
