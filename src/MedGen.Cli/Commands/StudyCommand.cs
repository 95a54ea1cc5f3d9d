using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using MedGen.Sdk.Errors;
using MedGen.Cli.Augmentation;
using MedGen.Cli.Connections;
using MedGen.Cli.Output;
using MedGen.Datasets.Adapters;
using MedGen.Sdk.Files;
using MedGen.Datasets.Reading;
using MedGen.Media;
using MedGen.Protos.V1;
using MedGen.Evaluation.Studies;
using Microsoft.Extensions.DependencyInjection;
using AugmentationSpec = MedGen.Datasets.Augmentation.AugmentationSpec;
using AugmentationSpecReader = MedGen.Datasets.Augmentation.AugmentationSpecReader;
using OutputMode = MedGen.Datasets.Augmentation.OutputMode;
using SplitShares = MedGen.Datasets.Augmentation.SplitShares;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen study</c>: what an augmentation is worth.</summary>
internal static class StudyCommand
{
    private const string SpecName = "spec.json";
    private const string UnpackSuffix = ".data"; // archives are unpacked beside the output folder

    public static Command Create()
    {
        ConnectionOptions connection = new();
        Option<string> data = new("--data") { Description = "Labelled data set: a folder, a tar file, or a folder of tar shards.", Required = true };
        Option<string> spec = new("--spec") { Description = "JSON file with the specification: docs/studies.md.", Required = true };
        Option<string> output = new("--out") { Description = "Output folder for clips and report.", Required = true };
        Option<string?> external = new("--external")
        {
            Description = "Labelled clips of another source, on which all that is trained is measured, too; a folder, a tar file or shards.",
        };
        Option<string?> classifier = new("--classifier")
        {
            Description = "A command that trains and answers instead of the study's own classifier, for instance 'python3 mine.py': docs/studies.md.",
        };
        Option<string?> weights = new("--modality-weights")
        {
            Description = "Weights of the imaging-modality classifier, for \"features\": \"pretrained\". Default: those of the plugin that comes "
                + "with the command.",
        };
        Option<bool> resume = new("--resume") { Description = "Continue an interrupted run of the same study." };
        Command command = new(
            "study", "Tests whether an augmentation improves a small classifier: trains it on real clips, on augmented ones and on both, and "
                + "compares.") { data, spec, output, external, classifier, weights, resume };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string folder = Path.GetFullPath(parsed.GetRequiredValue(output));
            StudySpec study = StudySpecReader.Read(parsed.GetRequiredValue(spec));
            Dictionary<string, AugmentationSpec> pools = study.Pools.ToDictionary(pool => pool.Key, pool => PoolSpec(study, pool.Key, pool.Value));
            using UnpackFolder unpacked = new(folder + UnpackSuffix);
            string source = await DatasetSource.OpenAsync(Path.GetFullPath(parsed.GetRequiredValue(data)), unpacked.Path, cancellationToken);
            IReadOnlyList<DatasetItem> items = StudyRun.Split(study, source);
            using UnpackFolder unpackedExternal = new(folder + UnpackSuffix + ".external");
            IReadOnlyList<DatasetItem> others = parsed.GetValue(external) is { } other
                ? StudyRun.ReadExternal(study, await DatasetSource.OpenAsync(Path.GetFullPath(other), unpackedExternal.Path, cancellationToken))
                : [];
            StudyTools tools = new()
            {
                ModalityWeights = parsed.GetValue(weights) ?? DefaultFolders.ModalityWeights,
                Command = [.. CommandLineParser.SplitCommandLine(parsed.GetValue(classifier) ?? "")],
                CommandFolder = Path.Combine(folder, "classifier"),
            };
            Claim(folder, File.ReadAllText(parsed.GetRequiredValue(spec)), parsed.GetValue(resume));
            bool json = parsed.GetValue(connection.Json);
            Dictionary<string, IReadOnlyList<DatasetItem>> clips = [];
            List<PoolReport> reports = [];
            if (pools.Count > 0)
            {
                DatasetWork work = new(
                    [source, folder], [.. pools.Keys.Select(name => Path.Combine(PoolFolder(folder, name), AdapterStore.FolderName))]);
                await using HostConnection host = await connection.ConnectAsync(parsed, DataUse.Temporary, cancellationToken, work);
                foreach ((string name, AugmentationSpec asked) in pools)
                {
                    string pool = PoolFolder(folder, name);
                    AugmentationSummary summary = await new AugmentationCall(host, AugmentationSpecReader.Write(asked), json)
                        .AugmentAsync(source, pool, OutputMode.Resume, cancellationToken);
                    clips[name] = summary.Kept == 0 ? [] : StudyPool.Read(pool);
                    reports.Add(PoolReport.Read(name, pool, asked.Filters.Privacy.Enabled ? summary.PrivacyLimit : null));
                }
            }

            await using ServiceProvider services = MediaServices.Create();
            StudyReport report = await Terminal.WithProgressAsync(json, show =>
                new StudyRun(services.GetRequiredService<IVideoReader>(), tools).RunAsync(
                    study, new StudyInputs { Items = items, Pools = clips, PoolReports = reports, External = others }, show, cancellationToken));
            StudyPages.Write(folder, report);
            if (json)
            {
                JsonLines.Write(report);
            }
            else
            {
                foreach (string line in StudyPages.Verdicts(report))
                {
                    Terminal.Line(line);
                }

                Terminal.Line($"{Path.Combine(folder, "study.html")} has curves, bars and samples in one file, STUDY.md the tables.");
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static string PoolFolder(string folder, string name) => Path.Combine(folder, "pools", name);

    // What the study says of data and clips holds for its pools: they must be made from the same training clips, at the same shape.
    private static AugmentationSpec PoolSpec(StudySpec study, string name, JsonElement json)
    {
        try
        {
            AugmentationSpec spec = AugmentationSpecReader.Parse(json.GetRawText());
            return AugmentationSpecReader.Check(spec with
            {
                Seed = study.Seed,
                Labels = study.Labels,
                GroupColumn = study.GroupColumn,
                NoGroups = study.NoGroups,
                Split = new SplitShares(),
                Clip = study.Clip,
                Output = spec.Output with { IncludeReal = false },
            });
        }
        catch (InvalidInputException exception)
        {
            throw new InvalidInputException([.. exception.Violations.Select(v => new FieldViolation($"pools.{name}.{v.Field}", v.Description))]);
        }
    }

    private static void Claim(string folder, string spec, bool resume)
    {
        Directory.CreateDirectory(folder);
        string own = Path.Combine(folder, SpecName);
        bool isEmpty = !Directory.EnumerateFileSystemEntries(folder).Any();
        if (!isEmpty && (!resume || !File.Exists(own) || File.ReadAllText(own) != spec))
        {
            throw new InvalidInputException("out", resume
                ? $"'{Path.GetFileName(folder)}' holds no run of the same study; another folder is needed."
                : $"'{Path.GetFileName(folder)}' is not empty; --resume continues the same study.");
        }

        WholeFile.Write(own, spec);
    }

    // Goes with the study, whatever became of it.
    private sealed class UnpackFolder(string path) : IDisposable
    {
        public string Path => path;

        public void Dispose()
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
        }
    }
}
