using MedGen.Sdk.Errors;
using MedGen.Training.Optimization;

namespace MedGen.Training.Recipes;

/// <summary>What the fields of a recipe must be to each other.</summary>
internal static class RecipeRules
{
    private static readonly string[] LoraTargets = ["q", "k", "v", "o", "ffn.0", "ffn.2"];

    private const int MinSide = 32;

    /// <summary>Checks a recipe whose single fields were checked before.</summary>
    public static void Check(TrainingRecipe recipe, Violations violations)
    {
        CheckData(recipe, violations);
        CheckSizes(recipe, violations);
        for (int i = 0; i < recipe.Runs.Count; i++)
        {
            CheckRun(recipe, i, violations);
        }
    }

    /// <summary>Refuses a recipe that needs a base and has none. Not a matter of the file alone: a base may be given beside it.</summary>
    /// <exception cref="InvalidInputException">There is none.</exception>
    public static void ThrowIfBaseIsMissing(TrainingRecipe recipe)
    {
        for (int i = 0; i < recipe.Runs.Count; i++)
        {
            bool hasAutoencoder = recipe.Runs.Take(i).Any(other => other.Kind == RunKind.Autoencoder);
            bool hasText = recipe.Runs.Take(i).Any(other => other.TrainsText);
            bool hasTransformer = recipe.Runs.Take(i).Any(other => other.Kind is RunKind.TextAndFlow or RunKind.Flow)
                || (recipe.Runs[i].Kind == RunKind.Flow && recipe.Transformer is not null);
            bool needsBase = recipe.Runs[i].Kind switch
            {
                RunKind.Autoencoder => recipe.Autoencoder!.FromBase,
                RunKind.Text => recipe.TextEncoder is null || recipe.Runs[i].Text.Imitation > 0,
                RunKind.TextAndFlow => !hasAutoencoder || recipe.Transformer is null,
                _ => !(hasAutoencoder && hasText && hasTransformer),
            };
            if (needsBase && (recipe.Base is null || !Directory.Exists(recipe.Base)))
            {
                throw new InvalidInputException(
                    "base",
                    $"{(recipe.Base is null ? "is missing" : $"there is no folder '{recipe.Base}'")}; runs[{i}] needs a model folder with the parts "
                        + "that the recipe does not train before it.");
            }
        }
    }

    private static void CheckData(TrainingRecipe recipe, Violations violations)
    {
        for (int i = 0; i < recipe.Data.Count; i++)
        {
            DataSourceRecipe source = recipe.Data[i];
            if (recipe.Data.Take(i).Any(other => other.Name == source.Name))
            {
                violations.Add($"data[{i}].name", $"'{source.Name}' is there twice.");
            }

            if ((source.Type == DataSourceType.Phantoms) == (source.Folder is not null))
            {
                violations.Add($"data[{i}].folder", source.Folder is null ? "is missing." : "does not belong to phantoms.");
            }

            if (source.Type != DataSourceType.Phantoms && source.FreeCaptions > 0)
            {
                violations.Add($"data[{i}].free_captions", "belongs to phantoms only; other clips bring their captions.");
            }

            if (source.HeldOutTemplates > 0 && (source.FreeCaptions == 0 || source.HeldOutFraction == 0))
            {
                violations.Add($"data[{i}].held_out_templates", "needs free_captions and a held_out_fraction; held-out clips have what is left out.");
            }

            if (source.HeldOutWords > 0 && (source.FreeCaptions == 0 || source.HeldOutFraction == 0))
            {
                violations.Add($"data[{i}].held_out_words", "needs free_captions and a held_out_fraction; held-out clips have what is left out.");
            }

            if (source.Type != DataSourceType.Clips && source.PermissiveOnly)
            {
                violations.Add($"data[{i}].permissive_only", "belongs to clips only; other sources have no column of licences that is looked at.");
            }

            if (source.Type != DataSourceType.Phantoms && source.Kinds.Count > 0)
            {
                violations.Add($"data[{i}].kinds", "belongs to phantoms only; folders are narrowed down by 'classes'.");
            }
        }
    }

    private static void CheckSizes(TrainingRecipe recipe, Violations violations)
    {
        if (recipe.TextEncoder is { } text && (text.NumHeads < 1 || text.Dim % text.NumHeads != 0))
        {
            violations.Add("text_encoder.num_heads", $"{text.NumHeads} heads do not divide width {text.Dim}.");
        }

        if (recipe.Transformer is { } transformer)
        {
            if (transformer.NumHeads < 1 || transformer.Dim % transformer.NumHeads != 0 || transformer.Dim / transformer.NumHeads is var head
                && (head % 2 != 0 || head < 6))
            {
                violations.Add(
                    "transformer.num_heads", $"{transformer.NumHeads} heads do not divide width {transformer.Dim} into even parts of at least 6.");
            }

            if (transformer.FreqDim % 2 != 0)
            {
                violations.Add("transformer.freq_dim", $"got {transformer.FreqDim}", $"even numbers");
            }
        }

        if (recipe.Autoencoder is { } autoencoder && autoencoder.Multipliers.Any(multiplier => multiplier is < 1 or > 16))
        {
            violations.Add("autoencoder.multipliers", $"got {string.Join(", ", autoencoder.Multipliers)}", $"numbers of 1 to 16");
        }
    }

    private static void CheckRun(TrainingRecipe recipe, int index, Violations violations)
    {
        RunRecipe run = recipe.Runs[index];
        string path = $"runs[{index}]";
        if (recipe.Runs.Take(index).Any(other => other.Kind == run.Kind))
        {
            violations.Add($"{path}.kind", "is there twice; a recipe trains each part once.");
        }

        if (run.Kind == RunKind.Decoder && recipe.Runs.Count > 1)
        {
            violations.Add($"{path}.kind", "got 'decoder' beside other runs; a decoder is trained by a recipe of its own, over a base.");
        }

        if (run.Kind == RunKind.Text && run.Text is { Facts: 0, Imitation: 0 })
        {
            violations.Add($"{path}.text", "has neither facts nor imitation; there would be nothing to learn.");
        }

        if (run.Text is { Imitation: 0, Imitated: not null })
        {
            violations.Add($"{path}.text.imitated", "needs an imitation above 0.");
        }

        if (run.Kind != RunKind.Text && run.Text != new TextOptions())
        {
            violations.Add($"{path}.text", "belongs to text runs only.");
        }

        if (run.Kind == RunKind.TextAndFlow && recipe.Runs.Take(index).Any(other => other.Kind == RunKind.Text))
        {
            violations.Add($"{path}.kind", "got 'text+flow' after 'text'; it would make another text encoder. Use 'flow'.");
        }

        Need(run.Kind == RunKind.Autoencoder, recipe.Autoencoder, "autoencoder");
        // All or none: with none of them the base's are trained on.
        bool hasTextSizes = recipe.Tokenizer is not null || recipe.TextEncoder is not null;
        Need(run.Kind == RunKind.Text && hasTextSizes, recipe.Tokenizer, "tokenizer");
        Need(run.Kind == RunKind.Text && hasTextSizes, recipe.TextEncoder, "text_encoder");
        bool hasSizes = recipe.Tokenizer is not null || recipe.TextEncoder is not null || recipe.Transformer is not null;
        Need(run.Kind == RunKind.TextAndFlow && hasSizes, recipe.Tokenizer, "tokenizer");
        Need(run.Kind == RunKind.TextAndFlow && hasSizes, recipe.TextEncoder, "text_encoder");
        Need(run.Kind == RunKind.TextAndFlow && hasSizes, recipe.Transformer, "transformer");
        if (run.Kind == RunKind.Lora && run.Lora is null)
        {
            violations.Add($"{path}.lora", "is missing; a lora run needs it.");
        }

        if (run.Kind == RunKind.Lora && run.Optimizer.Algorithm != OptimizerAlgorithm.AdamW)
        {
            violations.Add($"{path}.optimizer.algorithm", "got muon; an adapter is trained with adamw.");
        }

        foreach (string target in run.Lora?.Targets.Except(LoraTargets) ?? [])
        {
            violations.Add($"{path}.lora.targets", $"got '{target}'", $"{string.Join(", ", LoraTargets)}");
        }

        for (int i = 0; i < run.Stages.Count; i++)
        {
            CheckStage(recipe, run, run.Stages[i], $"{path}.stages[{i}]", violations);
        }

        void Need(bool isNeeded, object? section, string name)
        {
            if (isNeeded && section is null)
            {
                violations.Add(name, $"is missing; {path} trains it.");
            }
        }
    }

    private static void CheckStage(TrainingRecipe recipe, RunRecipe run, StageRecipe stage, string path, Violations violations)
    {
        Side(stage.Width, "width");
        Side(stage.Height, "height");
        if (run.Kind == RunKind.Text && stage.NumFrames > 1)
        {
            violations.Add($"{path}.num_frames", $"got {stage.NumFrames}; a text run sees no pictures.");
        }

        if (stage.NumFrames % 4 != 1)
        {
            violations.Add($"{path}.num_frames", $"got {stage.NumFrames}", $"4k + 1");
        }

        if (stage.Crop is { } crop)
        {
            Multiple(crop, 8, "crop");
            if (!run.TrainsPixels || crop > Math.Min(stage.Width, stage.Height))
            {
                violations.Add(
                    $"{path}.crop", $"got {crop}; only an autoencoder is trained on crops, and they fit into {stage.Width}×{stage.Height} px.");
            }
        }

        foreach ((string name, double weight) in stage.Mix)
        {
            if (!(weight > 0) || recipe.Data.All(source => source.Name != name))
            {
                violations.Add(
                    $"{path}.mix.{name}", $"got weight {weight}",
                    $"weights above 0 of {string.Join(", ", recipe.Data.Select(source => source.Name))}");
            }
        }

        void Side(int value, string field)
        {
            if (run.Kind == RunKind.Text && value != 0)
            {
                violations.Add($"{path}.{field}", $"got {value}; a text run sees no pictures.");
            }
            else if (run.Kind != RunKind.Text && value < MinSide)
            {
                violations.Add($"{path}.{field}", $"got {value}", $"{MinSide} to 1024");
            }

            Multiple(value, 16, field);
        }

        void Multiple(int value, int factor, string field)
        {
            if (value % factor != 0)
            {
                violations.Add($"{path}.{field}", $"got {value}", $"multiples of {factor}");
            }
        }
    }
}
