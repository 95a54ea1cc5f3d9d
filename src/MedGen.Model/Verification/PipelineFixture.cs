using System.Text.Json;
using System.Text.RegularExpressions;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using MedGen.Model.Checkpoints;
using MedGen.Model.Pipelines;
using static TorchSharp.torch;

namespace MedGen.Model.Verification;

/// <summary>A model folder with <c>cases.json</c> (prompts, size, steps) and the reference's way from noise to video for each solver.</summary>
internal sealed class PipelineFixture : IPartFixture
{
    private static readonly string[] ModeNames = ["t2v", "i2v"];

    public string Part => "pipeline";

    public bool Recognises(FixtureFolder folder) => folder.HasJson && folder.Json.TryGetProperty("prompt", out _);

    public void Run(FixtureFolder folder, VerificationReport report)
    {
        ExpertCases.Compare(folder, report);
        foreach (string path in new[] { folder.FullPath, folder.PathOf("models_diffusers") }.Where(Directory.Exists))
        {
            string label = path == folder.FullPath ? "" : " [models_diffusers]";
            ModelFolder model = folder.Json.TryGetProperty("text_len", out JsonElement length)
                ? ModelFolder.Open(path, length.GetInt32())
                : ModelFolder.Open(path);
            using MedGenPipeline pipeline = MedGenPipeline.Open(model, CPU, ScalarType.Float32);
            foreach ((string mode, JsonElement json) in Modes(folder.Json))
            {
                RunMode(folder, pipeline, mode, label, ReadRequest(folder.Json, json), report);
            }
        }
    }

    // Of one mode, or of text to video and image to video beside each other, each with names and numbers of its own.
    private static (string Mode, JsonElement Json)[] Modes(JsonElement json)
    {
        (string, JsonElement)[] named =
            [.. ModeNames.Where(mode => json.TryGetProperty(mode, out _)).Select(mode => ($"{mode}.", json.GetProperty(mode)))];
        return named.Length > 0 ? named : [("", json)];
    }

    private static void RunMode(
        FixtureFolder folder, MedGenPipeline pipeline, string mode, string label, VideoGenerationRequest request, VerificationReport report)
    {
        report.Try($"prompt{label}", () => ComparePrompt(folder, pipeline, "prompt", label, request.Prompt, report));
        report.Try(
            $"negative{label}",
            () => ComparePrompt(folder, pipeline, "negative", label, request.NegativePrompt ?? MedGenPipeline.DefaultNegativePrompt, report));
        using VideoFrame? picture = FirstFrameCases.Compare(folder, pipeline, mode, label, request, report);
        request = request with { FirstFrame = picture };
        string solvers = $@"^{Regex.Escape(mode)}([^.]+)\.(?:latents|noise_pred|video)$";
        foreach (string solver in folder.Matches(solvers).Select(match => match.Groups[1].Value).Distinct())
        {
            report.Try($"{mode}{solver}{label}", () =>
            {
                if (SchedulerFixture.KindOf(solver) is not { } kind)
                {
                    report.Fail(solver, $"The solver '{solver}' is not known.");
                    return;
                }

                RunSolver(folder, pipeline, request with { Wan = request.Wan with { Scheduler = kind } }, mode, solver, label, report);
            });
        }
    }

    private static VideoGenerationRequest ReadRequest(JsonElement json, JsonElement mode) => new()
    {
        Prompt = FixtureFolder.Property(json, "prompt").GetString()!,
        NegativePrompt = json.TryGetProperty("negative_prompt", out JsonElement negative) ? negative.GetString() : null,
        Width = FixtureFolder.Property(json, "width").GetInt32(),
        Height = FixtureFolder.Property(json, "height").GetInt32(),
        NumFrames = FixtureFolder.Property(json, "num_frames").GetInt32(),
        NumInferenceSteps = FixtureFolder.Property(mode, "steps").GetInt32(),
        Wan = new WanOptions
        {
            Shift = FixtureFolder.Property(json, "shift").GetDouble(),
            LowNoiseGuidanceScale = json.TryGetProperty("guidance_scale_low_noise", out JsonElement low) ? low.GetDouble() : null,
        },
        GuidanceScale = FixtureFolder.Property(
            json, low.ValueKind == JsonValueKind.Number ? "guidance_scale_high_noise" : "guidance_scale").GetDouble(),
        Seed = mode.TryGetProperty("seed", out JsonElement seed) ? seed.GetInt64() : 42,
    };

    private static void ComparePrompt(
        FixtureFolder folder, MedGenPipeline pipeline, string name, string label, string prompt, VerificationReport report)
    {
        if (folder.Has($"{name}.ids") && folder.Has($"{name}.mask"))
        {
            long count = folder[$"{name}.mask"].to_type(ScalarType.Int64).sum().item<long>();
            long[] expected = folder[$"{name}.ids"].narrow(0, 0, count).to_type(ScalarType.Int64).data<long>().ToArray();
            report.CompareExactly($"{name}.ids{label}", Array.ConvertAll(pipeline.Prompts.Tokenize(prompt), id => (long)id), expected);
        }

        if (folder.Has($"{name}.context"))
        {
            report.Compare($"{name}.context{label}", pipeline.Prompts.Encode(prompt), folder[$"{name}.context"], VerificationTolerances.Output);
        }
    }

    private static void RunSolver(
        FixtureFolder folder, MedGenPipeline pipeline, VideoGenerationRequest request, string mode, string solver, string label,
        VerificationReport report)
    {
        string prefix = $"{mode}{solver}";
        List<Tensor> conditional = [];
        List<Tensor> unconditional = [];
        List<Tensor> guided = [];
        using var session = new GenerationSession(pipeline, request, new AdapterPlacement(pipeline.Adapters, null), "")
        {
            GivenCondition = FirstFrameCases.Condition(pipeline, request),
            GivenNoise = folder[$"{mode}noise"].unsqueeze(0), // [1, C, F, H, W]
            ObserveVelocity = (c, u, g) =>
            {
                Keep(conditional, c);
                Keep(unconditional, u);
                Keep(guided, g);
            },
        };
        List<Tensor> latents = [];
        List<long> experts = [];
        List<float> scales = [];
        List<Tensor> timesteps = [];
        while (session.Stage != GenerationStage.Decoding)
        {
            bool denoises = session.Stage == GenerationStage.Denoising;
            if (denoises)
            {
                experts.Add(pipeline.ExpertAt(session.Scheduler.Timesteps[experts.Count]));
                (Tensor start, Tensor times) = session.NextInput(); // [1, C, F, H, W], [1] or [1, S]
                timesteps.Add(times.view(-1).clone()); // [1 or S]
                if (latents.Count == 0 && folder.Has($"{mode}latent_start"))
                {
                    report.Compare(
                        $"{mode}latent_start {solver}{label}", start.squeeze(0), folder[$"{mode}latent_start"], VerificationTolerances.Output);
                }
            }

            session.Step();
            if (denoises)
            {
                scales.Add((float)session.Guidance.Scale);
                latents.Add(session.Latents!.squeeze(0).clone()); // [C, F, H, W]
            }
        }

        SchedulerFixture.CompareSchedule(folder, session.Scheduler, prefix, report);
        if (folder.Has($"{prefix}.expert"))
        {
            report.CompareExactly($"{prefix}.expert{label}", [.. experts], folder[$"{prefix}.expert"].data<long>().ToArray());
        }

        if (folder.Has($"{prefix}.token_timesteps"))
        {
            Tensor expected = folder[$"{prefix}.token_timesteps"]; // [steps, S]
            report.Compare(
                $"{prefix}.token_timesteps{label}", stack(timesteps).expand_as(expected), expected, VerificationTolerances.FractionalTimesteps);
        }

        if (folder.Has($"{prefix}.guidance"))
        {
            report.Compare($"{prefix}.guidance{label}", tensor(scales.ToArray()), folder[$"{prefix}.guidance"], VerificationTolerances.Exact);
        }

        timesteps.ForEach(step => step.Dispose());
        CompareIfThere("noise_pred_cond", conditional);
        CompareIfThere("noise_pred_uncond", unconditional);
        CompareIfThere("noise_pred", guided);
        CompareIfThere("latents", latents);
        if (folder.Has($"{prefix}.video"))
        {
            Tensor video = pipeline.Autoencoder.Decode(session.Latents!).clamp(-1, 1).squeeze(0); // [3, T, H, W]
            report.Compare($"{prefix}.video{label}", video, folder[$"{prefix}.video"], VerificationTolerances.PipelineVideo);
        }

        void CompareIfThere(string name, List<Tensor> steps)
        {
            if (steps.Count > 0 && folder.Has($"{prefix}.{name}"))
            {
                report.Compare($"{prefix}.{name}{label}", stack(steps), folder[$"{prefix}.{name}"], VerificationTolerances.PipelineLatents);
            }

            foreach (Tensor step in steps)
            {
                step.Dispose();
            }
        }

        // A step's scope ends with the step; what is kept is freed after the comparison.
        void Keep(List<Tensor> steps, Tensor? velocity)
        {
            if (velocity is not null)
            {
                steps.Add(velocity.squeeze(0).clone().DetachFromDisposeScope()); // [C, F, H, W]
            }
        }
    }
}
