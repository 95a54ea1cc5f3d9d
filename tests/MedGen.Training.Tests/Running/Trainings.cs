using System.Text;
using MedGen.Training.Recipes;
using MedGen.Training.Running;

namespace MedGen.Training.Tests.Running;

/// <summary>Recipes so small that each step takes milliseconds.</summary>
internal static class Trainings
{
    public const string Parts = """
        "autoencoder": { "dim": 4, "latent_channels": 4, "multipliers": [1, 1, 2, 2], "num_residual_blocks": 1 },
        "tokenizer": { "vocabulary_size": 310 },
        "text_encoder": { "dim": 16, "feed_forward_dim": 16, "num_heads": 2, "num_layers": 1 },
        "transformer": { "dim": 24, "feed_forward_dim": 32, "num_heads": 2, "num_layers": 2, "text_length": 64, "freq_dim": 16 },
        """;

    public const string TextParts = """
        "tokenizer": { "vocabulary_size": 310 }, "text_encoder": { "dim": 16, "feed_forward_dim": 16, "num_heads": 2, "num_layers": 1 },
        """;

    public const string Discs = """
        "data": [ { "name": "discs", "type": "phantoms", "kinds": ["test-disc"], "seeds": 6, "held_out_fraction": 0.3 } ],
        """;

    public static string AutoencoderRun(int steps) => $$"""
        { "kind": "autoencoder", "checkpoint_every": 3, "sample_every": 4, "validation_clips": 1,
          "optimizer": { "warmup_steps": 2, "ema_decay": 0.5 },
          "stages": [ { "name": "stills", "steps": {{steps}}, "batch": 2, "width": 32, "height": 32, "mix": { "discs": 1 }, "crop": 16 },
                      { "name": "clips", "steps": 2, "batch": 1, "accumulate": 2, "width": 32, "height": 32, "num_frames": 5, "mix": { "discs": 1 } } ] }
        """;

    public static string DecoderRun(int steps) => AutoencoderRun(steps).Replace("\"autoencoder\"", "\"decoder\"", StringComparison.Ordinal);

    public static string FlowRun(string kind, int steps, string more = "") => $$"""
        { "kind": "{{kind}}", "checkpoint_every": 3, "sample_every": 4, "validation_clips": 2, "samples": { "steps": 2, "prompts": ["A red disc."] }, {{more}}
          "optimizer": { "learning_rate": 1e-2, "warmup_steps": 2, "ema_decay": 0.5 },
          "stages": [ { "name": "stills", "steps": {{steps}}, "batch": 2, "width": 32, "height": 32, "mix": { "discs": 1 } },
                      { "name": "clips", "steps": 2, "batch": 2, "width": 32, "height": 32, "num_frames": 5, "mix": { "discs": 1 } } ] }
        """;

    public static string TextRun(int steps, string text = """{ "facts": 1 }""") => $$"""
        { "kind": "text", "checkpoint_every": 3, "sample_every": 4, "validation_clips": 2, "text": {{text}},
          "optimizer": { "learning_rate": 1e-2, "warmup_steps": 2, "ema_decay": 0.5 },
          "stages": [ { "name": "words", "steps": {{steps}}, "batch": 2, "mix": { "discs": 1 } } ] }
        """;

    public static TrainingRecipe Parse(params string[] runs) =>
        RecipeReader.Parse(Encoding.UTF8.GetBytes($$"""{ "name": "tiny", {{Discs}} {{Parts}} "runs": [ {{string.Join(",", runs)}} ] }"""));

    public static Task RunAsync(TrainingRecipe recipe, string output, bool resume = false, IProgress<TrainingProgress>? progress = null, CancellationToken? cancellationToken = null) =>
        new ModelTrainer(Readers.Create(), [new DiscPhantom()]).RunAsync(
            recipe, new TrainingOptions { OutputFolder = output, Resume = resume }, progress, cancellationToken ?? TestContext.Current.CancellationToken);

    /// <summary>Losses as the log spells them, every digit.</summary>
    public static string[] Losses(string log) =>
        [.. File.ReadLines(log).Where(line => line.Contains("\"loss\"", StringComparison.Ordinal)).Select(line => line.Split("\"clips_per_second\"")[0])];
}
