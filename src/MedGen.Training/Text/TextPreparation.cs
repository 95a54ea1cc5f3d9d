using MedGen.Datasets.Reading;
using MedGen.Model.Checkpoints;
using MedGen.Model.TextEncoders.Cleaning;
using MedGen.Sdk.Errors;
using MedGen.Torch.Operations;
using MedGen.Training.Clips;
using MedGen.Training.Running;

namespace MedGen.Training.Text;

/// <summary>Gets everything ready that a text encoder is trained with. Pixels are not read.</summary>
internal static class TextPreparation
{
    private const int MaxTokens = 512;

    /// <summary>Makes what is trained.</summary>
    /// <param name="state">The run.</param>
    /// <param name="library">The clips of each source.</param>
    /// <exception cref="InvalidInputException">Nothing is known of the clips that their captions could tell.</exception>
    public static TextTrainee Create(TrainingState state, ClipLibrary library)
    {
        string[] sources = [.. state.Run.Stages.SelectMany(stage => stage.Mix.Keys).Distinct().Order(StringComparer.Ordinal)];
        TrainingClip[] clips = [.. sources.SelectMany(library.Training)];
        FactLayout layout = FactLayout.Of(clips);
        if (layout.Facts.Count == 0)
        {
            throw new InvalidInputException(
                "data", $"nothing is known of the clips of {string.Join(", ", sources)} that differs and that their captions could tell.");
        }

        TrainingClip[] heldOut =
        [
            .. state.Run.Stages[^1].Mix.Keys.SelectMany(library.HeldOut).OrderBy(clip => PatientSplit.Fraction(clip.Name))
                .Take(state.Run.ValidationClips),
        ];
        ClipMix<TrainingClip>[] stages =
        [
            .. state.Run.Stages.Select(stage => new ClipMix<TrainingClip>(
                stage.Mix.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Value, library.Training(pair.Key))))),
        ];
        string[] corpus =
        [
            .. clips.SelectMany(clip => clip.Free.Append(clip.Brief).Append(clip.Detailed)).Distinct(StringComparer.Ordinal)
                .Concat(CaptionDraw.Unconditional).Select(PromptCleaner.Clean),
        ];
        using TextStart start = state.Recipe.TextEncoder is null ? TextStart.OfBase(state, corpus) : TextStart.Random(state, corpus);
        TextTeacher? teacher = state.Run.Text.Imitation > 0 ? Teacher(state, start) : null;
        return new TextTrainee(
            state.Recipe.Seed, state.Run, state.Device, new TextBatches(state.Recipe.Seed, state.Run, layout, stages, heldOut), layout, start,
            teacher, teacher?.MaxTokens ?? state.Recipe.Transformer?.TextLength ?? MaxTokens, state.Files.Model);
    }

    // What is imitated stays the transformer of the model.
    private static TextTeacher Teacher(TrainingState state, TextStart start)
    {
        ModelFolder given = ModelFolder.Open(state.Recipe.Base!);
        TextTeacher teacher = new(given, state.Device, NumberType.Parse(state.Run.Dtype, state.Device));
        if (teacher.Dim != start.Config.Dim)
        {
            int dim = teacher.Dim;
            teacher.Dispose();
            throw new InvalidInputException("text_encoder.dim", $"got {start.Config.Dim}; the base's transformer takes rows of {dim}.");
        }

        state.Files.Model.Adopt(given.Files, transformer: true, text: false, autoencoder: true);
        return teacher;
    }
}
