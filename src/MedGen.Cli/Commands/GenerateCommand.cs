using System.CommandLine;
using System.Diagnostics;
using MedGen.Sdk.Errors;
using MedGen.Cli.Analysis;
using MedGen.Cli.Connections;
using MedGen.Cli.Output;
using MedGen.Protos.V1;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen generate</c>: a clip from text, and a clip or the first frame beside it.</summary>
internal static class GenerateCommand
{
    private static readonly Dictionary<string, GenerationScheduler> Schedulers = new(StringComparer.Ordinal)
    {
        ["unipc"] = GenerationScheduler.Unipc,
        ["dpmpp"] = GenerationScheduler.DpmPlusPlus,
        ["euler"] = GenerationScheduler.Euler,
        ["diffusers_unipc"] = GenerationScheduler.DiffusersUnipc,
        ["dmd"] = GenerationScheduler.Dmd,
        ["lightx2v"] = GenerationScheduler.LightX2V,
    };

    private static readonly Dictionary<string, JobPriority> Priorities = new(StringComparer.Ordinal)
    {
        ["interactive"] = JobPriority.Interactive,
        ["normal"] = JobPriority.Normal,
        ["bulk"] = JobPriority.Bulk,
    };

    private static readonly Dictionary<string, FirstFrameFit> Fits = new(StringComparer.Ordinal)
    {
        ["crop"] = FirstFrameFit.Crop,
        ["pad"] = FirstFrameFit.Pad,
    };

    public static Command Create()
    {
        ConnectionOptions connection = new();
        AccelerationOptions acceleration = new();
        Option<string> prompt = new("--prompt") { Description = "What to show, 1 to 4,000 characters.", Required = true };
        Option<string?> negativePrompt = new("--negative-prompt") { Description = "What to avoid; default: the model's." };
        Option<int> width = new("--width") { Description = "Width in px, a multiple of 16; default: the model's." };
        Option<int> height = new("--height") { Description = "Height in px, a multiple of 16; default: the model's." };
        Option<int> frames = new("--frames") { Description = "Number of frames, 4k + 1; default: the model's." };
        Option<double> fps = new("--fps") { Description = "Frames per second, 1 to 60; default: the model's." };
        Option<int> steps = new("--steps") { Description = "Denoising steps, 1 to 200; default: the model's." };
        Option<double?> guidance = new("--guidance") { Description = "Guidance scale, 0 to 30; 1: none; default: the model's." };
        Option<double?> lowNoiseGuidance = new("--low-noise-guidance")
        {
            Description = "Guidance scale of the low-noise expert of a model with two (Wan 2.2 A14B), 0 to 30; "
                + "default: as --guidance, or the model's.",
        };
        Option<double> shift = new("--shift") { Description = "Timestep shift, above 0, at most 30; default: the model's." };
        Option<string?> scheduler = new("--scheduler")
        {
            Description = string.Join(", ", Schedulers.Keys) + "; default: what the adapters were made for, otherwise unipc.",
        };
        Option<long?> seed = new("--seed") { Description = "Seed of the noise; default: random." };
        Option<string?> source = new("--source") { Description = "Clip to start from (video to video)." };
        Option<double> strength =
            new("--strength") { Description = "With --source: how far it is turned back into noise, above 0, at most 1; default 1." };
        Option<string?> firstFrame = new("--first-frame")
        {
            Description = "Picture that the clip begins with (image to video), or a clip whose first frame is taken; 16 to 8,192 px a side. "
                + "Not beside --source, and only for a model that takes one.",
        };
        Option<string?> fit = new("--first-frame-fit")
        {
            Description = "With --first-frame: crop (covers the clip) or pad (with black); default crop. It is never stretched.",
        };
        AdapterOptions adapters = new();
        Option<bool> deterministic =
            new("--deterministic") { Description = "Bit-identical frames whatever else runs; never shares a forward with other clips." };
        Option<string> priority = new("--priority") { Description = string.Join(", ", Priorities.Keys) + ".", DefaultValueFactory = _ => "normal" };
        Option<string> output = new("--out") { Description = "MP4 file to write.", DefaultValueFactory = _ => "generated.mp4" };
        Option<string?> plugin = PluginOption.Create();
        Option<string[]> parameters = ParameterOption.Create();
        Command command = new("generate", "Generates a clip. Its metadata says that it is synthetic.")
        {
            prompt, negativePrompt, width, height, frames, fps, steps, guidance, lowNoiseGuidance, shift, scheduler, seed, source, strength,
            firstFrame, fit, deterministic, priority, output, plugin, parameters,
        };
        adapters.AddTo(command);
        acceleration.AddTo(command);
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            (string? sourceFile, string? picture) = (parsed.GetValue(source), parsed.GetValue(firstFrame));
            Violations violations = new();
            violations.Require(sourceFile is null || picture is null, "first-frame", $"is given beside --source", $"one of the two");
            violations.Require(picture is not null || parsed.GetValue(fit) is null, "first-frame-fit", $"is given", $"none without --first-frame");
            violations.ThrowIfAny();
            GenerateVideoRequest request = new()
            {
                Prompt = parsed.GetRequiredValue(prompt),
                NegativePrompt = parsed.GetValue(negativePrompt),
                Width = parsed.GetValue(width),
                Height = parsed.GetValue(height),
                NumFrames = parsed.GetValue(frames),
                FramesPerSecond = parsed.GetValue(fps),
                NumInferenceSteps = parsed.GetValue(steps),
                GuidanceScale = parsed.GetValue(guidance),
                Seed = parsed.GetValue(seed),
                Strength = parsed.GetValue(strength),
                FirstFrameFit = parsed.GetValue(fit) is { } name ? Named(Fits, "first-frame-fit", name) : default,
                Deterministic = parsed.GetValue(deterministic),
                Wan = new WanOptions
                {
                    Shift = parsed.GetValue(shift),
                    Scheduler = parsed.GetValue(scheduler) is { } solver ? Named(Schedulers, "scheduler", solver) : default,
                    Acceleration = acceleration.Read(parsed),
                    Adapters = { adapters.Read(parsed) },
                    LowNoiseGuidanceScale = parsed.GetValue(lowNoiseGuidance),
                },
                GeneratorOptions = ParameterOption.Parse(parsed.GetRequiredValue(parameters)),
                PluginId = parsed.GetValue(plugin) ?? "",
                Options = new JobOptions { CancelOnDisconnect = true, Priority = Named(Priorities, "priority", parsed.GetRequiredValue(priority)) },
            };
            string file = OutputFile.Prepare(parsed.GetRequiredValue(output));
            await using HostConnection host = await connection.ConnectAsync(parsed, DataUse.Temporary, cancellationToken);
            return await RunAsync(host, request, sourceFile, picture, file, parsed.GetValue(connection.Json), cancellationToken);
        });
        return command;
    }

    private static T Named<T>(Dictionary<string, T> values, string option, string name) => values.TryGetValue(name, out T? value)
        ? value
        : throw new InvalidInputException(option, $"got '{name}'; allowed: {string.Join(", ", values.Keys)}");

    private static async Task<int> RunAsync(
        HostConnection host, GenerateVideoRequest request, string? source, string? firstFrame, string output, bool json,
        CancellationToken cancellationToken)
    {
        Stopwatch watch = Stopwatch.StartNew();
        await using UploadedFile? clip = source is null ? null : await UploadedFile.CreateAsync(host, source, cancellationToken);
        await using UploadedFile? picture = firstFrame is null ? null : await UploadedFile.CreateAsync(host, firstFrame, cancellationToken);
        request.SourceArtifactId = clip?.Artifact.ArtifactId ?? "";
        request.FirstFrameArtifactId = picture?.Artifact.ArtifactId ?? "";
        List<string> warnings = [];
        Artifact result = await Terminal.WithProgressAsync(json, report => FollowAsync(host, request, warnings, report, cancellationToken));
        await host.Client.Artifacts.DownloadAsync(result.ArtifactId, output, cancellationToken: cancellationToken);
        await ProvenanceSidecar.WriteAsync(result, output, cancellationToken);
        GenerationProvenance provenance = result.Provenance;
        if (json)
        {
            JsonLines.Write(new
            {
                file = output,
                seed = provenance.Seed,
                width = provenance.Width,
                height = provenance.Height,
                frames = provenance.NumFrames,
                fps = provenance.FramesPerSecond,
                steps = provenance.NumInferenceSteps,
                scheduler = provenance.Scheduler,
                guidance = provenance.GuidanceScale,
                shift = provenance.Shift,
                seconds = Math.Round(watch.Elapsed.TotalSeconds, 3),
                provenanceId = provenance.ProvenanceId,
                warnings,
            });
        }
        else
        {
            string noise = provenance.ModelIsTrained ? "" : $" The weights of {provenance.Model} are random, so it is noise.";
            foreach (string warning in warnings)
            {
                await Console.Error.WriteLineAsync($"warning: {warning}");
            }

            Terminal.Line(
                $"{output}: {provenance.Width}×{provenance.Height}, {provenance.NumFrames} frames, "
                    + $"{provenance.NumInferenceSteps} steps{How(provenance)}, seed {provenance.Seed}, "
                    + $"{watch.Elapsed.TotalSeconds:0.0} s, provenance {provenance.ProvenanceId[..12]}.{noise}");
        }

        return ExitCode.Success;
    }

    // With an adapter, which may have been made for other values than the model.
    private static string How(GenerationProvenance provenance) => provenance.Adapters.Count == 0 ? ""
        : FormattableString.Invariant($" of {provenance.Scheduler}, guidance {provenance.GuidanceScale}, shift {provenance.Shift}");

    private static async Task<Artifact> FollowAsync(
        HostConnection host, GenerateVideoRequest request, List<string> warnings, Action<string, double> report, CancellationToken cancellationToken)
    {
        Artifact? result = null;
        await foreach (JobEvent update in host.Client.Generation.GenerateAsync(request, cancellationToken))
        {
            if (update.Progress is { StepsTotal: > 0 } progress)
            {
                report(progress.Describe(), (double)progress.StepsDone / progress.StepsTotal);
            }

            if (update.Warning is { } warning)
            {
                warnings.Add(warning.Message);
            }

            result = update.Result ?? result;
        }

        return result ?? throw new InvalidDataException("The host ended the stream without a result.");
    }
}
