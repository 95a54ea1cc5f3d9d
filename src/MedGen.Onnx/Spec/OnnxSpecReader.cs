using System.Text.Json;
using System.Text.Json.Serialization;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;

namespace MedGen.Onnx.Spec;

/// <summary>Reads <c>onnx.json</c> strictly: unknown keys, wrong types and values out of range are named.</summary>
internal static class OnnxSpecReader
{
    private const int MaxBytes = 1 << 20;
    private const int LargestSide = 8192;
    private const int MostOutputs = 64;

    private static readonly JsonSerializerOptions Plain = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
        MaxDepth = 16,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    private static readonly JsonSerializerOptions Strict = new(Plain) { Converters = { new LabelConverter() } };

    /// <summary>Reads the file of a plugin's folder.</summary>
    /// <param name="directory">The plugin's folder.</param>
    /// <returns>A specification that keeps every rule that can be checked without the network.</returns>
    /// <exception cref="InvalidInputException">It breaks rules; fields are named as in the file, below <c>onnx.json</c>.</exception>
    public static OnnxSpec Read(string directory)
    {
        FileInfo file = new(Path.Combine(directory, OnnxSpec.FileName));
        if (!file.Exists || file.Length > MaxBytes)
        {
            throw new InvalidInputException(
                OnnxSpec.FileName, file.Exists ? $"has {file.Length} bytes; allowed: at most {MaxBytes}." : "The file is missing.");
        }

        return Parse(File.ReadAllBytes(file.FullName));
    }

    /// <summary>Reads the file's content.</summary>
    /// <param name="content">JSON in UTF-8.</param>
    /// <returns>As <see cref="Read"/>.</returns>
    /// <exception cref="InvalidInputException">As <see cref="Read"/>.</exception>
    public static OnnxSpec Parse(ReadOnlySpan<byte> content)
    {
        OnnxSpec? spec;
        try
        {
            spec = JsonSerializer.Deserialize<OnnxSpec>(content, Strict);
        }
        catch (JsonException broken)
        {
            string field = broken.Path is null or "$" ? OnnxSpec.FileName : $"{OnnxSpec.FileName}: {broken.Path.TrimStart('$', '.')}";
            throw new InvalidInputException(field, broken.Message.Split(" Path: ")[0]);
        }
        catch (InvalidOperationException)
        {
            throw new InvalidInputException(OnnxSpec.FileName, "A text in it is not UTF-8.");
        }

        Violations violations = new();
        if (spec is null)
        {
            violations.Add(OnnxSpec.FileName, "got null; allowed: an object.");
        }
        else
        {
            Check(spec, violations);
        }

        return violations.Found.Count == 0
            ? spec!
            : throw new InvalidInputException([.. violations.Found.Select(found => found with { Field = $"{OnnxSpec.FileName}: {found.Field}" })]);
    }

    private static void Check(OnnxSpec spec, Violations violations)
    {
        bool inFolder = !Path.IsPathRooted(spec.Model) && !spec.Model.Contains('\\', StringComparison.Ordinal)
            && spec.Model.Split('/').All(part => part is not ("" or "." or ".."));
        violations.Require(inFolder, "model", $"got a path that leads out of the folder", $"a relative path with '/' between its parts");
        violations.Require(
            spec.FramesPerSecond is null or (> 0 and <= 240), "framesPerSecond", $"got {spec.FramesPerSecond}", $"above 0, at most 240, or null");
        CheckInput(spec.Input, violations.In("input"));
        violations.Require(spec.Outputs.Count is >= 1 and <= MostOutputs, "outputs", $"has {spec.Outputs.Count}", $"1 to {MostOutputs}");
        foreach ((int i, OutputSpec? output) in spec.Outputs.Index())
        {
            if (output is null)
            {
                violations.Add($"outputs[{i}]", "got null; allowed: an object.");
            }
            else
            {
                CheckOutput(output, violations.In($"outputs[{i}]"));
            }
        }
    }

    private static void CheckInput(InputSpec input, Violations at)
    {
        at.Within<int>("width", input.Width, 1, LargestSide);
        at.Within<int>("height", input.Height, 1, LargestSide);
        at.Require(double.IsFinite(input.Scale) && input.Scale != 0, "scale", $"got {input.Scale}", $"any number but 0");
        at.Require(
            input.Mean.Count == 0 || input.Mean.Count == input.ChannelCount, "mean", $"has {input.Mean.Count}",
            $"one for each of {input.ChannelCount}");
        at.Require(
            input.Deviation.Count == 0 || input.Deviation.Count == input.ChannelCount, "deviation", $"has {input.Deviation.Count}",
            $"one for each of {input.ChannelCount}");
        at.Require(input.Deviation.All(value => value != 0), "deviation", $"holds 0", $"any number but 0");
    }

    private static void CheckOutput(OutputSpec output, Violations at)
    {
        (OutputMeaning meaning, bool isMeasurement) = (output.Meaning, output.Meaning == OutputMeaning.Regression);
        bool hasActivation = meaning is OutputMeaning.Classification or OutputMeaning.Segmentation;
        at.Require(
            output.Activation is not null == hasActivation, "activation", Got(output.Activation), Needed(hasActivation, "none, softmax or sigmoid"));
        at.Require(
            output.Exclusive is null || meaning == OutputMeaning.Classification, "exclusive", $"is given", $"nothing, unless for a classification");
        at.Require(
            output.Exclusive != true || output.Activation != Activation.Sigmoid, "exclusive", $"got true with a sigmoid",
            $"false, or another activation");
        at.Require(
            output.Exclusive != false || output.Activation != Activation.Softmax, "exclusive", $"got false with a softmax",
            $"true, or another activation");
        at.Require(isMeasurement ? output.Labels.Count == 0 : output.Labels.Any(label => label is not null), "labels", $"has {output.Labels.Count}",
            Needed(!isMeasurement, "at least one"));
        at.Require(
            meaning != OutputMeaning.Classification || output.Labels.All(label => label is not null), "labels", $"holds null",
            $"a label for every number of a classification");
        at.Within<double>("threshold", output.Threshold, 0, 1);
        at.Require(isMeasurement == (output.Unit is not null), "unit", Got(output.Unit), Needed(isMeasurement, "a unit in UCUM"));
        at.Require(
            isMeasurement || (output.Minimum, output.Maximum, output.Factor, output.Offset) == (null, null, 1, 0), "factor",
            $"or offset, minimum or maximum is given", $"nothing, unless for a regression");
        at.Require(double.IsFinite(output.Factor) && double.IsFinite(output.Offset), "factor", $"or offset is not finite", $"finite numbers");
        bool isDetection = meaning == OutputMeaning.Detection;
        at.Require(isDetection == (output.ScoresTensor is not null), "scoresTensor", Got(output.ScoresTensor), Needed(isDetection, "a name"));
        at.Require(isDetection == (output.LabelsTensor is not null), "labelsTensor", Got(output.LabelsTensor), Needed(isDetection, "a name"));
        at.Require(!isDetection || output.Tensor is not null, "tensor", $"got nothing", $"a name: a detection has three outputs");
    }

    private static FormattableString Got(object? value) => value is null ? (FormattableString)$"got nothing" : $"is given";

    private static FormattableString Needed(bool isNeeded, string what) => isNeeded ? $"{what}" : (FormattableString)$"nothing for this meaning";

    // "polyp", or {"name": "polyp", "code": {…}}.
    private sealed class LabelConverter : JsonConverter<OutputLabel>
    {
        public override OutputLabel? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String
                ? new OutputLabel { Name = reader.GetString()! }
                : JsonSerializer.Deserialize<OutputLabel>(ref reader, Plain);

        public override void Write(Utf8JsonWriter writer, OutputLabel value, JsonSerializerOptions options) => throw new NotSupportedException();
    }
}
