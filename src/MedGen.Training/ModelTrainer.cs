using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MedGen.Datasets.Specifications;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Files;
using MedGen.Sdk.Models;
using MedGen.Media;
using MedGen.Model.Checkpoints;
using MedGen.Phantoms;
using MedGen.Torch.Operations;
using MedGen.Training.Autoencoders;
using MedGen.Training.Checkpoints;
using MedGen.Training.Clips;
using MedGen.Training.Flow;
using MedGen.Training.Optimization;
using MedGen.Training.Recipes;
using MedGen.Training.Running;
using MedGen.Training.Text;
using MedGen.Training.Validation;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Training;

/// <summary>
/// Trains what a recipe says, run by run, and writes into one folder: <c>model</c> (released MedGen layout), and for each run its log, loss curve,
/// samples and checkpoint. A killed training goes on from its checkpoint with the same numbers.
/// </summary>
/// <param name="reader">Decodes videos and stills.</param>
/// <param name="phantoms">The simulators that recipes may name.</param>
public sealed class ModelTrainer(IVideoReader reader, IReadOnlyList<IPhantom> phantoms)
{
    /// <summary>Name of the folder with the trained model in the output folder.</summary>
    public const string ModelFolderName = RunFiles.ModelFolderName;

    /// <summary>Trains. Torch runs on a thread of its own; run nothing else on torch meanwhile.</summary>
    /// <param name="recipe">What to train.</param>
    /// <param name="options">Where and how.</param>
    /// <param name="progress">Told of every step; may be null. Called from several threads, one at a time.</param>
    /// <param name="cancellationToken">Stops after a step; a checkpoint is written then.</param>
    /// <returns>A task that ends with the training.</returns>
    /// <exception cref="InvalidInputException">Data or base do not fit the recipe.</exception>
    /// <exception cref="FailedPreconditionException">The folder holds a training and resume was not asked for, or one of another recipe; or there is
    /// no such device.</exception>
    /// <exception cref="ResourceExhaustedException">The disk is full; the last checkpoint is good.</exception>
    /// <exception cref="TrainingDivergedException">The loss is no finite number any more.</exception>
    public async Task RunAsync(
        TrainingRecipe recipe, TrainingOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(options);
        await RunAsync(recipe, ClipLibrary.Open(recipe.Data, reader, phantoms), options, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Trains on clips that are given; otherwise as the public method of this name.</summary>
    /// <param name="recipe">What to train; of its data only names and limits count.</param>
    /// <param name="library">The clips of each source.</param>
    /// <param name="options">Where and how.</param>
    /// <param name="progress">Told of every step; may be null.</param>
    /// <param name="cancellationToken">Stops after a step; a checkpoint is written then.</param>
    internal static async Task RunAsync(
        TrainingRecipe recipe, ClipLibrary library, TrainingOptions options, IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken)
    {
        Violations.ThrowIfDeclaredRulesBroken(options);
        RecipeRules.ThrowIfBaseIsMissing(recipe);
        Device device = OpenDevice(options.Device);
        using FastMatrices? fast = device.type == DeviceType.CUDA ? new FastMatrices() : null;
        string checkpoints = Path.Combine(options.OutputFolder, "checkpoints");
        if (!options.Resume && Directory.Exists(checkpoints) && Directory.EnumerateFileSystemEntries(checkpoints).Any())
        {
            throw ExistingTraining.Refuse(options.OutputFolder);
        }

        Directory.CreateDirectory(options.OutputFolder);
        string written = Path.Combine(options.OutputFolder, "recipe.json");
        if (!options.Resume || !File.Exists(written))
        {
            WriteRecipe();
        }

        foreach (RunRecipe asWritten in recipe.Runs)
        {
            RunFiles files = new(options, recipe, asWritten);
            RunRecipe run = asWritten with { Dtype = DataTypeOf(options.Dtype ?? asWritten.Dtype, files, device) };
            TrainingState state = new(recipe, run, device, files, progress);
            if (NumberType.EmulationWarning(NumberType.Parse(run.Dtype, device), device) is { } warning)
            {
                state.Tell("warning", null, 0, 0, warning);
            }

            ClipPreparation preparation = new(files.Cache, message => state.Tell("warning", null, 0, 0, message));
            bool seesPictures = run.Kind != RunKind.Text;
            List<StageClips> stages = [];
            foreach (StageRecipe stage in run.Stages.Where(_ => seesPictures))
            {
                stages.Add(await StageClips.PrepareAsync(
                    recipe, run, stage, library, preparation, message => state.Tell("warning", stage.Name, 0, 0, message),
                    (done, total) => state.Tell("prepare", stage.Name, done, total, "clips"), cancellationToken).ConfigureAwait(false));
            }

            IReadOnlyList<PreparedClip> heldOut = seesPictures
                ? await StageClips.PrepareHeldOutAsync(recipe, run, run.Stages[^1], library, preparation, cancellationToken).ConfigureAwait(false)
                : [];
            TrainingClip[] clips = [.. run.Stages.SelectMany(stage => stage.Mix.Keys).Distinct().SelectMany(library.Training)];
            if (!run.TrainsPixels)
            {
                WholeFile.Write(files.Captions, string.Concat(clips.Where(clip => clip is not PhantomTrainingClip).Select(CaptionsLine)));
            }

            TrainingData? before = asWritten == recipe.Runs[0] ? BaseDataOf(recipe) : TrainingData.Read(files.Model.Folder);
            // Of a text run's clips nothing but the words is read.
            TrainingData own = seesPictures ? await TrainingDataOfAsync(clips, cancellationToken).ConfigureAwait(false) : TrainingData.None;
            files.Model.WriteTrainingData(before?.With(own));
            if (run.Kind == RunKind.Lora)
            {
                files.Model.WriteAdapterTrainingData(own);
            }


            // A thread of its own: libtorch's pool belongs to the thread that calls it.
            await Task.Factory.StartNew(
                () => Train(state, library, stages, heldOut, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning,
                TaskScheduler.Default).ConfigureAwait(false);
        }

        // Only now: a recipe that does not fit the checkpoints is not what was trained.
        WriteRecipe();

        void WriteRecipe() => WholeFile.Write(written, SpecificationJson.Text(recipe));
    }

    private static TrainingData? BaseDataOf(TrainingRecipe recipe) =>
        recipe.Base is null ? TrainingData.None : ModelFolder.Open(recipe.Base).TrainingData;

    private static string CaptionsLine(TrainingClip clip) => JsonSerializer.Serialize(
        new { clip.Source, Clip = clip.Name, Captions = new[] { clip.Brief, clip.Detailed }.Distinct() }, SpecificationJson.Options) + "\n";

    private static async Task<TrainingData> TrainingDataOfAsync(TrainingClip[] clips, CancellationToken cancellationToken)
    {
        List<(string Sha256, string? Group)> own = [];
        foreach (FileTrainingClip clip in clips.OfType<FileTrainingClip>())
        {
            own.Add((await clip.HashAsync(cancellationToken).ConfigureAwait(false), clip.Group == clip.Name ? null : clip.Group));
        }

        return TrainingData.Of(own);
    }

    private static void Train(
        TrainingState state, ClipLibrary library, IReadOnlyList<StageClips> stages, IReadOnlyList<PreparedClip> heldOut,
        CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        if (state.Run.TrainsPixels)
        {
            using AutoencoderTrainee trainee = new(
                state.Recipe,
                state.Run,
                AutoencoderStartOf(state),
                state.Device,
                [.. stages.Select(stage => (new ClipMix<PreparedClip>(stage.Clips), new ClipMix<PreparedClip>(stage.Stills)))],
                heldOut,
                state.Files.Model);
            Train(state, trainee, cancellationToken);
        }
        else if (state.Run.Kind == RunKind.Text)
        {
            using TextTrainee trainee = TextPreparation.Create(state, library);
            Train(state, trainee, cancellationToken);
        }
        else
        {
            using FlowTrainee trainee = new FlowPreparation(state).Create(stages, heldOut, cancellationToken);
            Train(state, trainee, cancellationToken);
        }
    }

    private static AutoencoderStart AutoencoderStartOf(TrainingState state)
    {
        if (state.Run.Kind == RunKind.Autoencoder && state.Recipe.Autoencoder is { FromBase: false } sizes)
        {
            return AutoencoderStart.Random(sizes, state.Recipe.Seed);
        }

        ModelFolder given = ModelFolder.Open(state.Recipe.Base!);
        state.Files.Model.Adopt(given.Files, transformer: true, text: true, autoencoder: false);
        return state.Run.Kind == RunKind.Decoder
            ? AutoencoderStart.DecoderOf(given, state.Device)
            : AutoencoderStart.Of(given, state.Recipe.Autoencoder!, state.Device);
    }

    private static void Train<TBatch>(TrainingState state, ITrainee<TBatch> trainee, CancellationToken cancellationToken)
    {
        using Optimizer optimizer = Optimizer.Create(trainee.Parameters, state.Run.Optimizer);
        TrainingCheckpoint checkpoint = new(
            state.Files.Checkpoint, Fingerprint(state, trainee.Parameters), state.Run.Dtype, CpuKernels.NameOn(state.Device));
        int steps = checkpoint.Exists ? checkpoint.Load(trainee.Parameters, optimizer) : 0;
        using RunLog log = new(state.Files.Log, state.Name, steps, state.Progress, state.Files.TensorBoard);
        try
        {
            new TrainingLoop<TBatch>(trainee, state.Run, checkpoint, state.Files.Samples, () => Plot(state))
                .Run(optimizer, steps, log, cancellationToken);
            log.Write(new TrainingProgress { Run = state.Name, Event = "done", Done = 1, Total = 1, Message = state.Files.Model.Folder });
        }
        finally
        {
            Plot(state);
        }
    }

    private static void Plot(TrainingState state)
    {
        foreach ((string quantity, TrainingCurve curve) in RunLog.ReadCurves(state.Files.Log))
        {
            WholeFile.Write(state.Files.Plot(quantity), TrainingPlot.Svg($"{state.Recipe.Name}: {quantity} of {state.Name}", quantity, curve));
        }
    }

    // A run that was begun keeps what auto was then.
    private static string DataTypeOf(string asked, RunFiles files, Device device) =>
        (asked == NumberType.Auto ? TrainingCheckpoint.DataTypeOf(files.Checkpoint) : null) ?? NumberType.NameOf(NumberType.Parse(asked, device));

    // The number type is noted beside it. What may differ when a training goes on: where things lie, how many threads help, how often something is
    // written.
    private static string Fingerprint(TrainingState state, ParameterVector parameters)
    {
        RunRecipe run = state.Run with
        {
            Dtype = NumberType.Float32,
            Workers = 1,
            ReadAhead = 1,
            CheckpointEvery = 1,
            SampleEvery = 0,
            Samples = new(),
            ValidationClips = 0,
        };
        string text = JsonSerializer.Serialize(
            new { state.Recipe.Seed, Data = state.Recipe.Data.Select(source => source with { Folder = null }), Run = run, parameters.Layout },
            SpecificationJson.Options);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private static Device OpenDevice(string name)
    {
        // Asked in this order: naming a CUDA device where there is none is an exception of torch's own.
        bool isCuda = name.StartsWith("cuda", StringComparison.Ordinal);
        int index = name.Split(':') is [_, { } number] ? int.Parse(number, CultureInfo.InvariantCulture) : 0;
        return isCuda && (!cuda.is_available() || index >= cuda.device_count())
            ? throw new FailedPreconditionException(
                "NO_DEVICE", $"There is no device '{name}' here; build with MedGenTorch=cuda on a machine with an NVIDIA driver, or use cpu.")
            : torch.device(name);
    }
}
