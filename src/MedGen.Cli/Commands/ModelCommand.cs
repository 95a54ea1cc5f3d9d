using System.CommandLine;
using System.Globalization;
using MedGen.Cli.Output;
using MedGen.Model.Conversion;
using MedGen.Model.Inspection;
using MedGen.Model.Verification;
using MedGen.Sdk.Errors;
using MedGen.Torch.Operations;
using MedGen.Torch.Safetensors;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen model verify|inspect|convert</c>.</summary>
internal static class ModelCommand
{
    private const double Gigabyte = 1e9;

    private static readonly Dictionary<string, ConversionLayout> Layouts = new(StringComparer.Ordinal)
    {
        ["released"] = ConversionLayout.Released,
        ["diffusers"] = ConversionLayout.Diffusers,
        ["comfyui"] = ConversionLayout.ComfyUI,
    };

    private static readonly Dictionary<string, SafetensorsDataType> Types = new(StringComparer.Ordinal)
    {
        ["bfloat16"] = SafetensorsDataType.BF16,
        ["float8_e4m3fn"] = SafetensorsDataType.F8E4M3,
    };

    public static Command Create() =>
        new("model", "Inspects model folders, and verifies the code against the reference implementation.")
        {
            Verify(), Inspect(), Convert(),
        };

    private static Command Verify()
    {
        Argument<string> folder =
            new("folder")
            {
                Description = "Folder of fixtures: any of tokenizer, text_encoder, transformer, lora, layouts, text_layouts, vae, schedulers, "
                    + "pipeline.",
            };
        Option<bool> json = JsonOption.Create();
        Option<string?> baseFolder = new("--base")
        {
            Description = "The model that adapters of the fixtures are for, a folder; default: found in their folder, beside it or above.",
        };
        Command command = new("verify", "Runs every fixture of a folder in float32 and compares with the reference. Exit code 1: any failed.")
        {
            folder, baseFolder, json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            bool asJson = parsed.GetValue(json);
            int passed = 0;
            int failed = 0;
            int skipped = 0;
            foreach (VerificationRecord record in ModelVerification.Run(
                parsed.GetRequiredValue(folder), parsed.GetValue(baseFolder), cancellationToken))
            {
                Write(record, asJson);
                _ = record.Skipped ? skipped++ : record.Passed ? passed++ : failed++;
            }

            if (!asJson)
            {
                Terminal.Line($"{passed} passed, {failed} failed{(skipped > 0 ? $", {skipped} skipped" : "")}");
            }

            return Task.FromResult(failed == 0 ? ExitCode.Success : ExitCode.Negative);
        });
        return command;
    }

    private static void Write(VerificationRecord record, bool json)
    {
        if (json)
        {
            JsonLines.Write(
                new
                {
                    part = record.Part,
                    @case = record.Case,
                    maxAbsDiff = record.MaxAbsDiff,
                    tolerance = record.Tolerance,
                    pass = record.Passed,
                    skipped = record.Skipped,
                    message = record.Message,
                });
            return;
        }

        string difference = record.MaxAbsDiff?.ToString("0.0e+0", CultureInfo.InvariantCulture) ?? "-";
        Terminal.Line(
            $"{(record.Skipped ? "skip" : record.Passed ? "pass" : "FAIL")}  {record.Part,-12} {record.Case,-44} {difference,9} (tolerance "
                + $"{record.Tolerance:0.0e+0})  {record.Message}".TrimEnd());
    }

    private static Command Inspect()
    {
        Argument<string> path = new("path") { Description = "Model folder, medgen.json that names files, or a single file of weights." };
        Option<int?> width = new("--width") { Description = "Width in px to assume; default: the model's." };
        Option<int?> height = new("--height") { Description = "Height in px to assume; default: the model's." };
        Option<int?> frames = new("--frames") { Description = "Number of frames to assume; default: the model's." };
        Option<string> dataType = new("--dtype")
        {
            Description = "auto, float32 or bfloat16; auto: bfloat16 if this processor supports it in hardware, otherwise float32.",
            DefaultValueFactory = _ => NumberType.Auto,
        };
        Option<bool> load = new("--load") { Description = "Also load the parts, and report time and memory." };
        Option<bool> json = JsonOption.Create();
        Command command = new(
            "inspect",
            "Lists what a model folder contains, what is missing, and what a clip would cost; of a single file, what it is. "
                + "Reads headers only, unless --load is given.")
        {
            path, width, height, frames, dataType, load, json,
        };
        command.SetAction((parsed, _) =>
        {
            string from = parsed.GetRequiredValue(path);
            if (File.Exists(from) && Path.GetExtension(from) != ".json")
            {
                return Task.FromResult(Write(FileInspector.Inspect(from), parsed.GetValue(json)));
            }

            ModelReport report = ModelInspector.Inspect(
                from, parsed.GetValue(width), parsed.GetValue(height), parsed.GetValue(frames),
                parsed.GetRequiredValue(dataType));
            if (parsed.GetValue(load) && report is { Missing.Count: 0, Unsupported.Count: 0 })
            {
                report = report with { Load = ModelLoad.Measure(from, parsed.GetRequiredValue(dataType)) };
            }

            Write(report, parsed.GetValue(json));
            return Task.FromResult(report is { Missing.Count: 0, Unsupported.Count: 0 } ? ExitCode.Success : ExitCode.Negative);
        });
        return command;
    }

    private static Command Convert()
    {
        Argument<string> input = new("in") { Description = "Model folder, medgen.json that names files, or a single file of a part." };
        Argument<string> output = new("out") { Description = "Folder to write, absent or empty; of a single file a .safetensors." };
        Option<string> layout = new("--layout") { Description = $"{string.Join(", ", Layouts.Keys)}.", Required = true };
        Option<string> dataType = new("--dtype")
        {
            Description = $"{string.Join(", ", Types.Keys)}; the latter with a scale for each linear, not for diffusers.",
            DefaultValueFactory = _ => "bfloat16",
        };
        Option<bool> json = JsonOption.Create();
        Command command = new(
            "convert", "Writes a model, or a part, under the names and in the number type of another program. The result is loaded before it counts.")
        {
            input, output, layout, dataType, json,
        };
        command.SetAction((parsed, _) =>
        {
            IReadOnlyList<string> files = ModelConversion.Run(
                parsed.GetRequiredValue(input), parsed.GetRequiredValue(output), Named(Layouts, "layout", parsed.GetRequiredValue(layout)),
                Named(Types, "dtype", parsed.GetRequiredValue(dataType)));
            if (parsed.GetValue(json))
            {
                JsonLines.Write(new { files });
            }
            else
            {
                Terminal.Line($"{parsed.GetRequiredValue(output)}: {string.Join(", ", files)}");
            }

            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }

    private static T Named<T>(Dictionary<string, T> values, string option, string name) => values.TryGetValue(name, out T? value)
        ? value
        : throw new InvalidInputException(option, $"got '{name}'; allowed: {string.Join(", ", values.Keys)}");

    private static int Write(FileReport report, bool json)
    {
        if (json)
        {
            JsonLines.Write(report);
        }
        else
        {
            string missing = report.MissingBytes > 0 ? $" ({Size(report.MissingBytes)} of data missing)" : "";
            string dimensions = string.Join(" ", report.Dimensions.Select(pair => $"{pair.Key}={pair.Value}"));
            Terminal.Line(
                $"{report.Name}: {report.Part}, {report.Parameters:N0} parameters, {Size(report.Bytes)}{missing}"
                    + (dimensions == "" ? "" : $", {dimensions}"));
            Terminal.Table(
                ["form", "weights", "parameters", "bytes"],
                report.Forms.Select(form => (IReadOnlyList<string>)
                [
                    form.Form,
                    form.Weights.ToString(CultureInfo.InvariantCulture),
                    form.Parameters.ToString("N0", CultureInfo.InvariantCulture),
                    Size(form.Bytes),
                ]));
            foreach (string unused in report.Unused)
            {
                Terminal.Line($"not used: {unused}");
            }

            foreach (string problem in report.Problems)
            {
                Terminal.Line($"does not load: {problem}");
            }
        }

        return report.Problems.Count == 0 ? ExitCode.Success : ExitCode.Negative;
    }

    private static void Write(ModelReport report, bool json)
    {
        if (json)
        {
            JsonLines.Write(report);
            return;
        }

        string fineTune = report.FineTune is null ? "" : $", fine-tune ({report.FineTune})";
        Terminal.Line($"{report.Name}: {report.Variant}, {report.Layout} layout{fineTune}{(report.IsTrained ? "" : ", random weights")}");
        Terminal.Table(
            ["part", "parameters", "types", "on disk", "dimensions", "files"],
            report.Parts.Select(part => (IReadOnlyList<string>)
            [
                part.Part,
                part.Parameters.ToString("N0", CultureInfo.InvariantCulture),
                string.Join(", ", part.DataTypes),
                Size(part.Bytes) + (part.MissingBytes > 0 ? $" ({Size(part.MissingBytes)} of data missing)" : ""),
                string.Join(" ", part.Dimensions.Select(pair => $"{pair.Key}={pair.Value}")),
                string.Join(", ", part.Files),
            ]));
        foreach (string unsupported in report.Unsupported)
        {
            Terminal.Line($"not supported: {unsupported}");
        }

        foreach (string missing in report.Missing)
        {
            Terminal.Line($"missing: {missing}");
        }

        if (report.Cost is { } cost)
        {
            Terminal.Line(
                $"{cost.Width}×{cost.Height}, {cost.NumFrames} frames, {cost.DataType}: {cost.Tokens:N0} tokens, {Operations(cost.FlopsPerForward)} "
                    + "a forward, " +
                $"{Operations(cost.FlopsPerStep)} a step with guidance, about {Size(cost.MemoryBytes)} of memory ({Size(cost.WeightBytes)} of it "
                    + "weights)");
        }

        if (report.Load is { } load)
        {
            Write(load);
        }
    }

    private static void Write(LoadReport load) => Terminal.Line(string.Create(
        CultureInfo.InvariantCulture,
        $"loaded in {load.Seconds:0.00} s; resident memory grew by {Size(load.ResidentBytes)}, "
            + $"{100.0 * load.ResidentBytes / Math.Max(1, load.WeightBytes):0.0} % of the weights' {Size(load.WeightBytes)}"));

    private static string Operations(double count) => count >= 1e11
        ? (count / 1e12).ToString("0.000 TFLOP", CultureInfo.InvariantCulture)
        : (count / 1e9).ToString("0.000 GFLOP", CultureInfo.InvariantCulture);

    private static string Size(long bytes) => bytes >= Gigabyte
        ? (bytes / Gigabyte).ToString("0.00 GB", CultureInfo.InvariantCulture)
        : (bytes / 1e6).ToString("0.0 MB", CultureInfo.InvariantCulture);
}
