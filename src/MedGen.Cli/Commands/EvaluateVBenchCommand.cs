using System.CommandLine;
using MedGen.Cli.Connections;
using MedGen.Cli.Output;
using MedGen.Evaluation.VBench;
using MedGen.Evaluation.VBench.Clips;
using MedGen.Evaluation.VBench.Results;
using MedGen.Media;
using MedGen.Sdk.Errors;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen evaluate vbench</c>: Med-VBench's automatic part.</summary>
internal static class EvaluateVBenchCommand
{
    public static Command Create()
    {
        Option<string?> model = new("--model") { Description = "Folder of the model that makes the clips." };
        Option<string?> videos = new("--videos")
        {
            Description = "Folder of finished clips instead: metadata.jsonl says their prompts, or their names do (PROMPT-N.mp4).",
        };
        Option<string> prompts = new("--prompts") { Description = "Text file with one prompt a line.", Required = true };
        Option<int?> limit = new("--limit") { Description = "How many of the first prompts are taken. Default: all." };
        Option<string[]> network = new("--network")
        {
            Description = $"SLOT=DIR: a network of yours, a folder with network.json; may be repeated. Slots: docs/benchmark.md.",
        };
        Option<string?> networks = new("--networks") { Description = "JSON file with a folder for each slot." };
        ClipGenerationOptions defaults = new();
        Option<int> seed = new("--seed") { Description = "Seed of the first clip of each prompt.", DefaultValueFactory = _ => defaults.Seed };
        Option<int> clips = new("--clips") { Description = "Clips for each prompt.", DefaultValueFactory = _ => defaults.ClipsPerPrompt };
        Option<int?> steps = new("--steps") { Description = "Denoising steps. Default: the model's." };
        Option<string?> weights = new("--modality-weights")
        {
            Description = "Weights of the imaging-modality classifier, whose features stand in for DINO's. Default: the plugin's that comes along.",
        };
        Option<string> output = new("--out") { Description = "Folder for clips, scores and report; the same again goes on.", Required = true };
        Option<bool> json = JsonOption.Create();
        Command command = new("vbench", "Measures clips as Med-VBench does: VBench's custom-input dimensions, with your networks or with stand-ins.")
        {
            model, videos, prompts, limit, network, networks, seed, clips, steps, weights, output, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(videos) is not null && new Option[] { seed, clips, steps }.Any(one => parsed.GetResult(one) is { Implicit: false }))
            {
                throw new InvalidInputException(
                    "videos", "--seed, --clips and --steps are for clips that a model makes; --videos has finished ones.");
            }

            BenchmarkTask task = new()
            {
                Model = parsed.GetValue(model),
                Videos = parsed.GetValue(videos),
                Prompts = parsed.GetRequiredValue(prompts),
                Limit = parsed.GetValue(limit),
                Generation = new ClipGenerationOptions
                {
                    Seed = parsed.GetValue(seed), ClipsPerPrompt = parsed.GetValue(clips), Steps = parsed.GetValue(steps),
                },
                Networks = BenchmarkTask.NamedNetworks(parsed.GetValue(networks), parsed.GetValue(network) ?? []),
                ModalityWeights = parsed.GetValue(weights) ?? DefaultFolders.ModalityWeights,
                Output = Path.GetFullPath(parsed.GetRequiredValue(output)),
            };
            await using ServiceProvider services = MediaServices.Create();
            BenchmarkRun run = new(services.GetRequiredService<IVideoReader>(), services.GetRequiredService<IVideoWriter>());
            BenchmarkResult result = await Terminal.WithProgressAsync(
                parsed.GetValue(json), show => run.RunAsync(task, show, cancellationToken));
            if (parsed.GetValue(json))
            {
                JsonLines.Write(result);
            }
            else
            {
                Write(result, task.Output);
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static void Write(BenchmarkResult result, string folder)
    {
        Terminal.Table(["dimension", "score", "measured by", "clips"], result.Scores.Select(score => (IReadOnlyList<string>)
        [
            score.Name, FormattableString.Invariant($"{score.Value:0.00} {score.Unit}"), score.Network, $"{score.Clips}",
        ]));
        Terminal.Line(result.Automatic is { } automatic
            ? FormattableString.Invariant($"automatic part: {automatic:0.00}")
            : "automatic part: not measured; imaging, subject, background and motion all need VBench's networks (--network).");
        Terminal.Line($"{Path.Combine(folder, "vbench.html")} has clips, scores and the paper's beside them.");
    }
}
