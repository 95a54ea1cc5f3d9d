using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MedGen.Abstractions.Errors;
using MedGen.Abstractions.Frames;
using MedGen.Datasets.Files;
using MedGen.Media;
using MedGen.Torch.Networks;
using MedGen.Training.Validation;

namespace MedGen.Training.ImagingModality;

/// <summary>
/// Trains the imaging-modality classifier: cross-validates by group, fits calibration and refusal on the held-out answers, trains the shipped
/// networks on all groups, and writes <see cref="WeightsFileName"/>, <c>evaluation.json</c>, <c>EVALUATION.md</c> and <c>log.jsonl</c>.
/// </summary>
/// <param name="reader">Decodes the films and stills.</param>
public sealed class ModalityTrainer(IVideoReader reader)
{
    /// <summary>Name of the weights file in the output folder.</summary>
    public const string WeightsFileName = "modality.safetensors";

    private const int OutliersPerKindAndFold = 10;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Runs the training. Torch uses the calling thread's pool; run nothing else on torch meanwhile (dropout draws from its global generator).</summary>
    /// <param name="options">What to do.</param>
    /// <param name="progress">Told about stages and steps; may be null.</param>
    /// <param name="cancellationToken">Stops at the next step; finished networks stay for <see cref="ModalityTrainingOptions.Resume"/>.</param>
    /// <returns>The evaluation; null when the cross-validation was skipped.</returns>
    /// <exception cref="InvalidInputException">The manifest is wrong, or fewer than two labels have enough groups.</exception>
    /// <exception cref="InvalidInputException">More files than <see cref="ModalityTrainingOptions.MaxUnreadable"/> cannot be decoded.</exception>
    /// <exception cref="FailedPreconditionException">The folder holds a training and <see cref="ModalityTrainingOptions.Resume"/> was not asked for.</exception>
    public async Task<ModalityEvaluation?> RunAsync(
        ModalityTrainingOptions options, IProgress<ClassifierTrainingProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        DeclaredRanges.ThrowIfViolated(options);
        if (options.Folds == 1)
        {
            throw new InvalidInputException("folds", "1 got; allowed are 0 (no cross-validation) and 2 to 20.");
        }

        IReadOnlyList<ModalityItem> items = ModalityManifest.Read(options.DataFolder);
        ThrowIfTrained(options);
        string dataHash = await HashDataAsync(options, cancellationToken).ConfigureAwait(false);
        Directory.CreateDirectory(options.OutputFolder);
        using var log = new ClassifierTrainingLog(Path.Combine(options.OutputFolder, "log.jsonl"), progress);

        IReadOnlyList<ModalityClip> clips = await ReadAsync(items, options, log, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<ModalityClip> phantoms = [];
        if (options.Phantoms != PhantomUse.None)
        {
            log.Report("simulating", 0, 1, null);
            phantoms = ModalityPhantoms.Simulate(options.PhantomsPerKind, options.Seed, cancellationToken);
            log.Report("simulating", 1, 1, null);
        }

        var run = new ModalityTrainingRun(options, clips, phantoms, dataHash, log);
        FrameCalibration calibration = FrameCalibration.None;
        ModalityEvaluation? evaluation = null;
        if (options.Folds > 0)
        {
            var evaluator = new ModalityEvaluator(run.Labels, run.CrossValidate(OutliersPerKindAndFold, cancellationToken));
            calibration = evaluator.Calibrate(options.RejectionRate);
            string[] notRead = [.. items.Except(clips.Select(c => c.Item)).Select(i => i.Path)];
            evaluation = evaluator.Evaluate(calibration, options, run.LeftOut, notRead);
            Write(options, "evaluation.json", JsonSerializer.Serialize(evaluation, Json));
            Write(options, "EVALUATION.md", EvaluationReport.Write(evaluation));
        }

        run.TrainMembers(Path.Combine(options.OutputFolder, WeightsFileName), calibration, cancellationToken);
        log.Report("done", 1, 1, null);
        return evaluation;
    }

    private static void ThrowIfTrained(ModalityTrainingOptions options)
    {
        if (!options.Resume && Directory.Exists(options.OutputFolder) && Directory.EnumerateFiles(options.OutputFolder, "*.safetensors").Any())
        {
            throw ExistingTraining.Refuse(options.OutputFolder);
        }
    }

    private async Task<IReadOnlyList<ModalityClip>> ReadAsync(
        IReadOnlyList<ModalityItem> items, ModalityTrainingOptions options, ClassifierTrainingLog log, CancellationToken cancellationToken)
    {
        var clipReader = new ModalityClipReader(DecodeAsync, options.FramesPerClip);
        var clips = new List<ModalityClip>();
        int unreadable = 0;
        for (int i = 0; i < items.Count; i++)
        {
            try
            {
                if (await clipReader.ReadAsync(options.DataFolder, items[i], cancellationToken).ConfigureAwait(false) is { } clip)
                {
                    clips.Add(clip);
                }
            }
            catch (MediaException exception)
            {
                if (++unreadable > options.MaxUnreadable)
                {
                    throw new InvalidInputException(
                        "data", $"'{items[i].Path}' cannot be read ({exception.Message}), and {unreadable - 1} before it; at most {options.MaxUnreadable} are skipped.");
                }

                log.Warn($"skipped '{items[i].Path}': {exception.Message}", i + 1, items.Count);
            }

            log.Report("reading", i + 1, items.Count, null);
        }

        return clips;
    }

    /// <summary>Names what was trained on: a kept network of other data is no checkpoint of this run.</summary>
    private static async Task<string> HashDataAsync(ModalityTrainingOptions options, CancellationToken cancellationToken)
    {
        byte[] manifest = await File.ReadAllBytesAsync(Path.Combine(options.DataFolder, ModalityManifest.FileName), cancellationToken).ConfigureAwait(false);
        byte[] phantoms = options.Phantoms == PhantomUse.None ? [] : Encoding.ASCII.GetBytes($"phantoms {options.Phantoms} {options.PhantomsPerKind}");
        return Convert.ToHexStringLower(SHA256.HashData([.. manifest, .. phantoms]));
    }

    private async IAsyncEnumerable<VideoFrame> DecodeAsync(
        string path, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IVideoClip clip = await reader.OpenAsync(path, cancellationToken).ConfigureAwait(false);
        await foreach (VideoFrame frame in clip.ReadFramesAsync(FrameSampling.All, cancellationToken).ConfigureAwait(false))
        {
            yield return frame;
        }
    }

    private static void Write(ModalityTrainingOptions options, string name, string text) => WholeFile.Write(Path.Combine(options.OutputFolder, name), text);
}
