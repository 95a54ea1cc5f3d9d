using System.CommandLine;
using MedGen.Cli.Connections;
using MedGen.Sdk.Errors;
using MedGen.Cli.Output;
using MedGen.Media;
using MedGen.Phantoms;
using MedGen.Training.Simulation;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen phantom KIND</c>, and <c>list</c>, <c>dataset</c>, <c>sheet</c> and <c>procedure</c>.</summary>
internal static class PhantomCommand
{
    public static Command Create()
    {
        // Neither is marked as required: a required argument or option of a command also binds its subcommands.
        Argument<string?> kind = new("kind") { Description = "Kind of phantom; 'medgen phantom list' names them.", Arity = ArgumentArity.ZeroOrOne };
        Option<int> seed = new("--seed") { Description = "Random seed.", DefaultValueFactory = _ => 1 };
        Option<int> width = new("--width") { Description = "Width in px.", DefaultValueFactory = _ => 128 };
        Option<int> height = new("--height") { Description = "Height in px.", DefaultValueFactory = _ => 128 };
        Option<int> frames = new("--frames") { Description = "Number of frames.", DefaultValueFactory = _ => 17 };
        Option<double> fps = new("--fps") { Description = "Frames per second.", DefaultValueFactory = _ => 8 };
        Option<string[]> set = new("--set") { Description = "NAME=VALUE: fixes a parameter; may be repeated." };
        Option<string?> output = new("--out") { Description = "File to write, .mp4 or .gif." };
        Option<bool> json = JsonOption.Create();
        Command phantom = new("phantom", "Simulates medical clips with exact ground truth.")
        {
            kind, seed, width, height, frames, fps, set, output, json, List(), Dataset(), Sheet(), PhantomProcedureCommand.Create(),
        };
        phantom.SetAction(async (parsed, cancellationToken) =>
        {
            IPhantom simulator = PhantomCatalog.Get(
                parsed.GetValue(kind) ?? throw new InvalidInputException("kind", "is missing; 'medgen phantom list' names the kinds."));
            string path = OutputFile.Prepare(parsed.GetValue(output) ?? throw new InvalidInputException("--out", "is missing; a file is expected."));
            PhantomRequest request = new()
            {
                Seed = parsed.GetValue(seed),
                Width = parsed.GetValue(width),
                Height = parsed.GetValue(height),
                NumFrames = parsed.GetValue(frames),
                FramesPerSecond = parsed.GetValue(fps),
                Parameters = Parameters(parsed.GetValue(set) ?? []),
            };
            await using ServiceProvider services = MediaServices.Create();
            PhantomClip clip = await new PhantomClipWriter(services.GetRequiredService<IVideoWriter>())
                .WriteAsync(path, simulator, request, cancellationToken);
            if (parsed.GetValue(json))
            {
                JsonLines.Write(new
                {
                    File = path, simulator.Kind, request.Seed, clip.Truth.Modality, clip.Truth.Anatomy, clip.Truth.Label, Caption = clip.BriefCaption,
                    clip.DetailedCaption, Truth = clip.Truth.Values,
                    Regions = Enumerable.Range(0, request.NumFrames).Select(clip.RegionsOf),
                });
            }
            else
            {
                Terminal.Line($"{path}: {clip.BriefCaption}");
                Terminal.Line(string.Join(", ", clip.Truth.Values.Select(v => $"{v.Key} {v.Value}")));
            }

            return ExitCode.Success;
        });
        return phantom;
    }

    private static Command List()
    {
        Option<bool> json = JsonOption.Create();
        Command list = new("list", "Lists the kinds and their parameters.") { json };
        list.SetAction(parsed =>
        {
            if (parsed.GetValue(json))
            {
                foreach (IPhantom phantom in PhantomCatalog.All)
                {
                    JsonLines.Write(new { phantom.Kind, phantom.Modality, phantom.Description, phantom.Labels, phantom.Parameters });
                }
            }
            else
            {
                Terminal.Table(
                    ["kind", "modality", "labels", "parameters"],
                    PhantomCatalog.All.Select(
                        p => new[] { p.Kind, p.Modality, string.Join(", ", p.Labels), string.Join(", ", p.Parameters.Select(Describe)) }));
            }

            return ExitCode.Success;
        });
        return list;
    }

    private static Command Dataset()
    {
        Option<string> spec = new("--spec") { Description = "JSON file with the specification: docs/phantoms.md.", Required = true };
        Option<string> output = new("--out") { Description = "Output folder; a second run continues an interrupted one.", Required = true };
        Option<bool> json = JsonOption.Create();
        Command dataset = new("dataset", "Writes a data set of simulated clips as a VideoFolder with metadata.csv.") { spec, output, json };
        dataset.SetAction(async (parsed, cancellationToken) =>
        {
            await using ServiceProvider services = MediaServices.Create();
            PhantomDatasetWriter writer = new(services.GetRequiredService<IVideoWriter>());
            string folder = parsed.GetRequiredValue(output);
            int clips = await Terminal.WithProgressAsync(parsed.GetValue(json), async show =>
                await writer.WriteAsync(
                    parsed.GetRequiredValue(spec), folder, (done, all) => show($"clip {done} of {all}", (double)done / all), cancellationToken));
            if (parsed.GetValue(json))
            {
                JsonLines.Write(new { Folder = folder, Clips = clips });
            }
            else
            {
                Terminal.Line($"{clips} clips in {folder}");
            }

            return ExitCode.Success;
        });
        return dataset;
    }

    private static Command Sheet()
    {
        Option<int> seed = new("--seed") { Description = "Seed of the first patient.", DefaultValueFactory = _ => 1 };
        Option<string> output = new("--out") { Description = "PNG file to write.", Required = true };
        Command sheet = new("sheet", "Draws a contact sheet: one row per kind, four patients, two frames each.") { seed, output };
        sheet.SetAction((parsed, cancellationToken) =>
        {
            IReadOnlyList<string> kinds = PhantomSheet.Write(
                OutputFile.Prepare(parsed.GetRequiredValue(output)), parsed.GetValue(seed), cancellationToken);
            Terminal.Line($"rows: {string.Join(", ", kinds)}");
            return Task.FromResult(ExitCode.Success);
        });
        return sheet;
    }

    private static string Describe(PhantomParameter parameter) =>
        parameter.Words.Count > 0
            ? $"{parameter.Name} ({string.Join("|", parameter.Words)})"
            : FormattableString.Invariant($"{parameter.Name} ({parameter.Minimum} to {parameter.Maximum})");

    private static Dictionary<string, string> Parameters(string[] pairs)
    {
        Dictionary<string, string> parameters = [];
        foreach (string pair in pairs)
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1 || !parameters.TryAdd(pair[..equals], pair[(equals + 1)..]))
            {
                throw new InvalidInputException("--set", $"got '{pair}'; allowed: NAME=VALUE, each name once.");
            }
        }

        return parameters;
    }
}
