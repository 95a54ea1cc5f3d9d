using System.Text.Json;
using MedGen.Sdk.Generation;
using MedGen.Model.Checkpoints;
using MedGen.Model.Pipelines;
using static TorchSharp.torch;

namespace MedGen.Model.Verification;

/// <summary>A model folder with <c>cases.json</c> (prompts, size, steps) and the reference's way from noise to video for each solver.</summary>
internal sealed class PipelineFixture : IPartFixture
{
    public string Part => "pipeline";

    public bool Recognises(FixtureFolder folder) => folder.HasJson && folder.Json.TryGetProperty("prompt", out _);

    public void Run(FixtureFolder folder, VerificationReport report)
    {
        VideoGenerationRequest request = ReadRequest(folder.Json);
        ModelFolder model = folder.Json.TryGetProperty("text_len", out JsonElement length)
            ? ModelFolder.Open(folder.FullPath, length.GetInt32())
            : ModelFolder.Open(folder.FullPath);
        using MedGenPipeline pipeline = MedGenPipeline.Open(model, CPU, ScalarType.Float32);
        report.Try("prompt", () => ComparePrompt(folder, pipeline, "prompt", request.Prompt, report));
        report.Try(
            "negative", () => ComparePrompt(folder, pipeline, "negative", request.NegativePrompt ?? MedGenPipeline.DefaultNegativePrompt, report));
        foreach (string solver in folder.Matches(@"^(.+)\.(?:latents|noise_pred|video)$").Select(match => match.Groups[1].Value).Distinct())
        {
            report.Try(solver, () =>
            {
                if (SchedulerFixture.KindOf(solver) is not { } kind)
                {
                    report.Fail(solver, $"The solver '{solver}' is not known.");
                    return;
                }

                RunSolver(folder, pipeline, request with { Wan = request.Wan with { Scheduler = kind } }, solver, report);
            });
        }
    }

    private static VideoGenerationRequest ReadRequest(JsonElement json) => new()
    {
        Prompt = FixtureFolder.Property(json, "prompt").GetString()!,
        NegativePrompt = json.TryGetProperty("negative_prompt", out JsonElement negative) ? negative.GetString() : null,
        Width = FixtureFolder.Property(json, "width").GetInt32(),
        Height = FixtureFolder.Property(json, "height").GetInt32(),
        NumFrames = FixtureFolder.Property(json, "num_frames").GetInt32(),
        NumInferenceSteps = FixtureFolder.Property(json, "steps").GetInt32(),
        Wan = new WanOptions { Shift = FixtureFolder.Property(json, "shift").GetDouble() },
        GuidanceScale = FixtureFolder.Property(json, "guidance_scale").GetDouble(),
        Seed = json.TryGetProperty("seed", out JsonElement seed) ? seed.GetInt64() : 42,
    };

    private static void ComparePrompt(FixtureFolder folder, MedGenPipeline pipeline, string name, string prompt, VerificationReport report)
    {
        if (folder.Has($"{name}.ids") && folder.Has($"{name}.mask"))
        {
            long count = folder[$"{name}.mask"].to_type(ScalarType.Int64).sum().item<long>();
            long[] expected = folder[$"{name}.ids"].narrow(0, 0, count).to_type(ScalarType.Int64).data<long>().ToArray();
            report.CompareExactly($"{name}.ids", Array.ConvertAll(pipeline.Prompts.Tokenize(prompt), id => (long)id), expected);
        }

        if (folder.Has($"{name}.context"))
        {
            report.Compare($"{name}.context", pipeline.Prompts.Encode(prompt), folder[$"{name}.context"], VerificationTolerances.Output);
        }
    }

    private static void RunSolver(
        FixtureFolder folder, MedGenPipeline pipeline, VideoGenerationRequest request, string solver, VerificationReport report)
    {
        List<Tensor> conditional = [];
        List<Tensor> unconditional = [];
        List<Tensor> guided = [];
        using var session = new GenerationSession(pipeline, request, pipeline.Adapters, "")
        {
            GivenNoise = folder["noise"].unsqueeze(0), // [1, C, F, H, W]
            ObserveVelocity = (c, u, g) =>
            {
                Keep(conditional, c);
                Keep(unconditional, u);
                Keep(guided, g);
            },
        };
        List<Tensor> latents = [];
        while (session.Stage != GenerationStage.Decoding)
        {
            bool denoises = session.Stage == GenerationStage.Denoising;
            session.Step();
            if (denoises)
            {
                latents.Add(session.Latents!.squeeze(0).clone()); // [C, F, H, W]
            }
        }

        SchedulerFixture.CompareSchedule(folder, session.Scheduler, solver, report);
        CompareIfThere("noise_pred_cond", conditional);
        CompareIfThere("noise_pred_uncond", unconditional);
        CompareIfThere("noise_pred", guided);
        CompareIfThere("latents", latents);
        if (folder.Has($"{solver}.video"))
        {
            Tensor video = pipeline.Autoencoder.Decode(session.Latents!).clamp(-1, 1).squeeze(0); // [3, T, H, W]
            report.Compare($"{solver}.video", video, folder[$"{solver}.video"], VerificationTolerances.PipelineVideo);
        }

        void CompareIfThere(string name, List<Tensor> steps)
        {
            if (steps.Count > 0 && folder.Has($"{solver}.{name}"))
            {
                report.Compare($"{solver}.{name}", stack(steps), folder[$"{solver}.{name}"], VerificationTolerances.PipelineLatents);
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
