using Google.Protobuf.WellKnownTypes;
using MedGen.Protos.V1;

namespace MedGen.Cli.Output;

/// <summary>What a plugin says of itself, for people.</summary>
internal static class PluginText
{
    public static void Write(Plugin plugin)
    {
        if (plugin.Usage is { } usage)
        {
            Terminal.Line(FormattableString.Invariant(
                $"since it was loaded: {usage.Calls} calls, {usage.FailedCalls} failed, {usage.DeviceSeconds:0.0} s on the device"));
        }

        WriteWeights(plugin.Weights);
        if (plugin.Settings is not { } settings)
        {
            return;
        }

        if (settings.DataBytesAllowed > 0)
        {
            Terminal.Line($"data: {settings.DataBytesUsed} of {settings.DataBytesAllowed} bytes");
        }

        Dictionary<string, Value> known = PropertiesOf(settings.Schema);
        if (known.Count > 0)
        {
            Terminal.Table(
                ["setting", "allowed", "default", "set", "description"],
                known.Select(one => (IReadOnlyList<string>)
                [
                    one.Key, AllowedBy(one.Value.StructValue), TextOf(one.Value.StructValue, "default"), TextOf(settings.Values, one.Key),
                    TextOf(one.Value.StructValue, "description"),
                ]));
        }

        if (settings.Secrets.Count > 0)
        {
            Terminal.Table(
                ["secret", "needed", "given", "description"],
                settings.Secrets.Select(secret => (IReadOnlyList<string>)
                [
                    secret.Name, YesOrNo(!secret.Optional), YesOrNo(secret.Given), secret.Description,
                ]));
        }
    }

    public static void Write(AnalyzerDescription analyzer)
    {
        Terminal.Line($"{analyzer.Task}: {analyzer.Summary}");
        Terminal.Table(
            ["input", "live", "stored", "least frames", "least px", "frames", "description"],
            analyzer.Inputs.Select(input => (IReadOnlyList<string>)
            [
                input.Role, YesOrNo(input.Live), YesOrNo(input.Stored), $"{input.LeastFrames}", $"{input.LeastSide}",
                string.Join(" or ", input.Formats), input.Description,
            ]));
        Terminal.Table(
            ["output", "kind", "values", "description"],
            analyzer.Outputs.Select(output => (IReadOnlyList<string>)[output.Name, $"{output.Kind}", ValuesOf(output), output.Description]));
        WriteParameters(analyzer.ParametersSchema);
        WriteWeights(analyzer.Weights);

        Terminal.Line($"intended use: {NotEmpty(analyzer.IntendedUse)}");
        Terminal.Line($"evaluation: {NotEmpty(analyzer.Evaluation)}");
    }

    public static void Write(GeneratorDescription generator)
    {
        Terminal.Line($"generator: {generator.Summary}");
        string trained = generator.Trained ? "trained" : "not trained";
        Terminal.Line($"model: {(generator.UsesResidentModel ? "the host's resident model" : $"{generator.Model}, {trained}")}");
        Terminal.Line($"first frame: {YesOrNo(generator.TakesFirstFrame)}");
        WriteParameters(generator.OptionsSchema);
        WriteWeights(generator.Weights);
        Terminal.Line($"intended use: {NotEmpty(generator.IntendedUse)}");
    }

    public static void Write(AugmenterDescription augmenter)
    {
        Terminal.Line($"augmenter: {augmenter.Summary}");
        Terminal.Table(
            ["method", "clips", "description"],
            augmenter.Methods.Select(method => (IReadOnlyList<string>)[method.Name, $"{method.Origin}", method.Description]));
        foreach (AugmentationMethod method in augmenter.Methods)
        {
            bool isStated = method.OptionsSchema?.Fields.ContainsKey("properties") ?? false;
            bool hasSome = PropertiesOf(method.OptionsSchema).Count > 0;
            Terminal.Line($"options of {method.Name}:{(hasSome ? "" : isStated ? " none" : " not stated")}");
            WriteParameters(method.OptionsSchema);
        }

        Terminal.Line($"intended use: {NotEmpty(augmenter.IntendedUse)}");
    }

    private static void WriteParameters(Struct? schema)
    {
        Dictionary<string, Value> parameters = PropertiesOf(schema);
        if (parameters.Count > 0)
        {
            Terminal.Table(
                ["parameter", "allowed", "default", "description"],
                parameters.Select(one => (IReadOnlyList<string>)
                [
                    one.Key, AllowedBy(one.Value.StructValue), TextOf(one.Value.StructValue, "default"), TextOf(one.Value.StructValue, "description"),
                ]));
        }
    }

    private static void WriteWeights(IEnumerable<Weights> files)
    {
        foreach (Weights weights in files)
        {
            Terminal.Line($"weights: {weights.Name}, {weights.Bytes} bytes, SHA-256 {weights.Sha256}, licence {NotEmpty(weights.License)}");
        }
    }

    private static Dictionary<string, Value> PropertiesOf(Struct? schema) =>
        schema?.Fields.GetValueOrDefault("properties")?.StructValue?.Fields.ToDictionary() ?? [];

    private static string ValuesOf(AnalyzerOutput output) => output.Kind switch
    {
        OutputKind.Measurement => $"{output.Unit}, {Bound(output.Minimum)} to {Bound(output.Maximum)}",
        _ => string.Join(
            ", ", output.Labels.Select(label => label.Code is { } code ? $"{label.Name} ({code.Scheme} {code.Code}, {code.Meaning})" : label.Name)
                .Concat(output.AbstentionLabel.Length > 0 ? [$"or {output.AbstentionLabel}"] : [])),
    };

    private static string AllowedBy(Struct? rules)
    {
        if (rules?.Fields.GetValueOrDefault("enum")?.ListValue is { } names)
        {
            return string.Join(", ", names.Values.Select(Plain));
        }

        string type = TextOf(rules, "type");
        string low = TextOf(rules, "minimum");
        string high = TextOf(rules, "maximum");
        return low.Length + high.Length == 0 ? type : $"{type}, {low} to {high}";
    }

    private static string TextOf(Struct? rules, string name) => rules?.Fields.GetValueOrDefault(name) is { } value ? Plain(value) : "";

    private static string Plain(Value value) => value.KindCase switch
    {
        Value.KindOneofCase.StringValue => value.StringValue,
        Value.KindOneofCase.ListValue => string.Join(" or ", value.ListValue.Values.Select(Plain)),
        _ => value.ToString(),
    };

    private static string Bound(double? value) => value is { } number ? FormattableString.Invariant($"{number}") : "no limit";

    private static string YesOrNo(bool value) => value ? "yes" : "no";

    private static string NotEmpty(string text) => text.Length == 0 ? "not stated" : text;
}
