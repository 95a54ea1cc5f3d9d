using System.CommandLine;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using MedGen.Sdk.Errors;
using MedGen.Cli.Analysis;
using MedGen.Cli.Augmentation;
using MedGen.Cli.Connections;
using MedGen.Datasets.Adapters;
using MedGen.Datasets.Augmentation;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen augment</c>: a larger data set from a labelled one.</summary>
internal static class AugmentCommand
{
    public static Command Create()
    {
        ConnectionOptions connection = new();
        Option<string> data = new("--data")
        {
            Description = "Data set: class folders, metadata.csv or .jsonl, EchoNet FileList.csv, or WebDataset tar.",
            Required = true,
        };
        Option<string> output = new("--out") { Description = "Output folder.", Required = true };
        Option<string?> spec =
            new("--spec") { Description = "JSON file with the specification: docs/augmentation.md. Default: classic augmentation." };
        Option<string?> method = new("--method")
        {
            Description = "Makes all clips by this method, with its options as --parameter, whatever methods the specification has.",
        };
        Option<string[]> parameters = ParameterOption.Create();
        Option<int?> perClass = new("--per-class")
        {
            Description = "Training clips per class in the result, real and new ones together; default: the size of the largest class.",
        };
        Option<int?> seed = new("--seed") { Description = "Seed of the split and of every clip; overrides the specification." };
        Option<string?> groupColumn = new("--group-column") { Description = "Column whose values must not be in two splits; default: patient_id." };
        Option<bool> noGroups = new("--no-groups") { Description = "Treat each clip without a patient as a patient of its own." };
        Option<bool> resume = new("--resume") { Description = "Continue an interrupted run." };
        Option<bool> overwrite = new("--overwrite") { Description = "Replace an earlier augmentation in the folder." };
        Option<string?> plugin = PluginOption.Create();
        Command command = new(
            "augment",
            "Makes new clips for the training split of a labelled data set, checks each one, and writes a data set with manifest and card.")
        {
            data, output, spec, method, parameters, perClass, seed, groupColumn, noGroups, resume, overwrite, plugin,
        };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string source = Path.GetFullPath(parsed.GetRequiredValue(data));
            string folder = Path.GetFullPath(parsed.GetRequiredValue(output));
            if (!Path.Exists(source))
            {
                throw new InvalidInputException("data", $"there is no file or folder '{source}'.");
            }

            (bool goesOn, bool replaces) = (parsed.GetValue(resume), parsed.GetValue(overwrite));
            if (goesOn && replaces)
            {
                throw new InvalidInputException("resume", "--resume and --overwrite say the opposite; one of them is allowed.");
            }

            AugmentationSpec asked = Read(parsed.GetValue(spec));
            asked = asked with
            {
                Seed = parsed.GetValue(seed) ?? asked.Seed,
                GroupColumn = parsed.GetValue(groupColumn) ?? asked.GroupColumn,
                NoGroups = parsed.GetValue(noGroups) || asked.NoGroups,
                Balance = parsed.GetValue(perClass) is { } most
                    ? asked.Balance with { PerClass = most, AddPerClass = null, Ratio = null }
                    : asked.Balance,
            };
            asked = WithMethod(asked, parsed.GetValue(method), ParameterOption.Parse(parsed.GetRequiredValue(parameters)));
            AugmentationSpecReader.Check(asked);
            await using HostConnection host = await connection.ConnectAsync(
                parsed, DataUse.Temporary, cancellationToken, new DatasetWork([source, folder], [Path.Combine(folder, AdapterStore.FolderName)]));
            bool json = parsed.GetValue(connection.Json);
            OutputMode mode = goesOn ? OutputMode.Resume : replaces ? OutputMode.Overwrite : OutputMode.New;
            AugmentationCall call = new(host, AugmentationSpecReader.Write(asked), json, parsed.GetValue(plugin));
            return parsed.GetValue(connection.Host) is null
                ? await call.RunHereAsync(source, folder, mode, cancellationToken)
                : await call.RunThereAsync(source, folder, mode, cancellationToken);
        });
        return command;
    }

    private static AugmentationSpec WithMethod(AugmentationSpec spec, string? method, Struct? options)
    {
        if (method is null)
        {
            return options is null
                ? spec
                : throw new InvalidInputException("parameter", "is given without --method, which says whose options these are.");
        }

        JsonElement? given = options is null ? null : JsonElement.Parse(options.ToString());
        return spec with { Methods = [new MethodSpec { Type = method, Options = given }] };
    }

    private static AugmentationSpec Read(string? file) => file is null ? new AugmentationSpec()
        : File.Exists(file) ? AugmentationSpecReader.Parse(File.ReadAllText(file))
        : throw new InvalidInputException("spec", $"there is no file '{file}'.");
}
