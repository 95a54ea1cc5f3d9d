using MedGen.Sdk.Models;
using MedGen.Model.Checkpoints;
using MedGen.Training.Clips;
using MedGen.Training.Export;
using MedGen.Training.Recipes;

namespace MedGen.Training.Running;

/// <summary>Where the files of a run lie.</summary>
internal sealed class RunFiles
{
    /// <summary>Name of the model's folder in the output folder.</summary>
    public const string ModelFolderName = "model";

    private readonly string _output;

    public RunFiles(TrainingOptions options, TrainingRecipe recipe, RunRecipe run)
    {
        Name = run.Kind switch
        {
            RunKind.Autoencoder => "autoencoder",
            RunKind.Decoder => "decoder",
            RunKind.Text => "text",
            RunKind.TextAndFlow => "text+flow",
            RunKind.Flow => "flow",
            _ => "lora",
        };
        _output = Path.GetFullPath(options.OutputFolder);
        Checkpoint = Path.Combine(_output, "checkpoints", $"{Name}.safetensors");
        Log = Path.Combine(_output, $"{Name}.log.jsonl");
        TensorBoard = options.WritesTensorBoard ? Path.Combine(_output, "tensorboard", Name) : null;
        Captions = Path.Combine(_output, $"{Name}.captions.jsonl");
        Samples = options.DrawsSamples && run.Kind != RunKind.Text ? Path.Combine(_output, "samples", Name) : null;
        Model = new ModelFolderWriter(Path.Combine(_output, ModelFolderName), recipe.Name, Defaults(recipe, run));
        Cache = new CacheFolder(options.CacheFolder is null ? Path.Combine(_output, "cache") : Path.GetFullPath(options.CacheFolder));
    }

    /// <summary>Name of the run, as recipes spell its kind.</summary>
    public string Name { get; }

    /// <summary>State to go on from.</summary>
    public string Checkpoint { get; }

    /// <summary>JSON lines.</summary>
    public string Log { get; }

    /// <summary>Folder of TensorBoard's event files; null: none are written.</summary>
    public string? TensorBoard { get; }

    /// <summary>JSON lines: the captions of each real clip.</summary>
    public string Captions { get; }

    /// <summary>Folder of sample pictures; null: none are drawn.</summary>
    public string? Samples { get; }

    /// <summary>The trained model.</summary>
    public ModelFolderWriter Model { get; }

    /// <summary>Decoded clips, latents, text rows.</summary>
    public CacheFolder Cache { get; }

    /// <summary>Where the curve of a quantity is drawn.</summary>
    /// <param name="quantity">For instance <c>loss</c>.</param>
    public string Plot(string quantity) => Path.Combine(_output, $"{Name}.{quantity}.svg");

    private static GenerationDefaults? Defaults(TrainingRecipe recipe, RunRecipe run) => run.Kind switch
    {
        RunKind.Autoencoder => null,
        RunKind.Text when run.Text.Imitation == 0 => null,
        RunKind.Decoder or RunKind.Text => ModelFolder.Open(recipe.Base!).Defaults,
        // A model generates best what it was trained on last, and is sampled as its samples were.
        _ => new GenerationDefaults
        {
            Width = run.Stages[^1].Width,
            Height = run.Stages[^1].Height,
            NumFrames = run.Stages[^1].NumFrames,
            FramesPerSecond = run.Stages[^1].FramesPerSecond,
            NumInferenceSteps = run.Samples.Steps,
            GuidanceScale = run.Samples.GuidanceScale,
            Shift = run.Samples.Shift,
        },
    };
}
