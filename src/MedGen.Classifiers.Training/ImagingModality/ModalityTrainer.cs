using System.Security.Cryptography;
using MedGen.Classifiers.Frames;
using MedGen.Classifiers.Modality;
using MedGen.Classifiers.Networks;
using MedGen.Datasets.Files;
using MedGen.Datasets.Reading;
using MedGen.Datasets.Reports;
using MedGen.Media;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Files;
using MedGen.Sdk.Frames;
using static TorchSharp.torch;

namespace MedGen.Classifiers.Training.ImagingModality;

/// <summary>
/// Trains the imaging-modality classifier: features of a frozen backbone, kept on the way; cross-validation by group and source; calibration and
/// limits of abstention from the held-out answers; a discriminant over all groups. Writes <see cref="WeightsFileName"/>, <c>evaluation.json</c>,
/// <c>EVALUATION.md</c> and <c>log.jsonl</c>.
/// </summary>
/// <param name="reader">Decodes the videos and stills.</param>
public sealed class ModalityTrainer(IVideoReader reader)
{
    /// <summary>Name of the weights file in the output folder.</summary>
    public const string WeightsFileName = "modality.safetensors";

    /// <summary>Runs the training. Torch uses the calling thread's pool.</summary>
    /// <param name="options">What to do.</param>
    /// <param name="progress">Told about stages and steps; may be null.</param>
    /// <param name="cancellationToken">Stops at the next clip; finished features stay for <see cref="ModalityTrainingOptions.Resume"/>.</param>
    /// <returns>The evaluation; null when the cross-validation was skipped.</returns>
    /// <exception cref="InvalidInputException">A manifest is wrong, fewer than two labels have enough groups, or more files than
    /// <see cref="ModalityTrainingOptions.MaxUnreadable"/> cannot be decoded.</exception>
    /// <exception cref="ModelFormatException">The backbone's file is missing or is none.</exception>
    /// <exception cref="FailedPreconditionException">The folder holds a training and <see cref="ModalityTrainingOptions.Resume"/> was not asked
    /// for.</exception>
    public async Task<ModalityEvaluation?> RunAsync(
        ModalityTrainingOptions options, IProgress<ClassifierTrainingProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        Violations.ThrowIfDeclaredRulesBroken(options);
        if (options.Folds == 1)
        {
            throw new InvalidInputException("folds", "got 1; allowed: 0 (no cross-validation) and 2 to 20.");
        }

        List<(string Folder, ModalityItem Item)> items =
            [.. options.DataFolders.SelectMany(folder => ModalityManifest.Read(folder).Select(item => (folder, item)))];
        string dataHash = await HashDataAsync(options, cancellationToken).ConfigureAwait(false);
        using ResidualBackbone backbone = LoadBackbone(options.BackboneFile);
        using ClassifierRun output = new(options.OutputFolder, options.Resume, progress);
        string features = Path.Combine(options.OutputFolder, "features");
        Directory.CreateDirectory(features);
        string origin = $"{dataHash} {await FileHash.OfAsync(options.BackboneFile, cancellationToken).ConfigureAwait(false)} {options.Seed} "
            + $"{options.DrawnViews} {options.DrawnPictures} {options.FramesPerClip}";
        FeatureExtraction extraction = new(backbone, features, origin, options.Seed, options.DrawnViews);
        (List<ModalityFeatures> clips, List<PassedOverFile> passedOver) =
            await ReadAsync(items, extraction, options, output.Log, cancellationToken).ConfigureAwait(false);
        return Fit(clips, await DrawAsync(extraction, items.Count, options).ConfigureAwait(false), passedOver);

        ModalityEvaluation? Fit(List<ModalityFeatures> read, List<ModalityFeatures> drawn, List<PassedOverFile> passed)
        {
            bool MayTrain(ModalityItem item) => options.TrainOnEveryLicence || TrainingLicence.IsPermissive(item.Licence);
            (IReadOnlyList<string> labels, _) = ModalityLabels.Split(read.Select(c => c.Item).Where(MayTrain), options.MinGroups);
            if (labels.Count < 2)
            {
                throw new InvalidInputException(
                    "data",
                    $"{labels.Count} modality codes have {options.MinGroups} or more groups in readable files that may be trained on; at least 2 are "
                        + "needed.");
            }

            ModalityCalibration calibration = ModalityCalibration.None;
            ModalityEvaluation? evaluation = null;
            List<ModalityFeatures> training = [.. read.Where(c => MayTrain(c.Item)), .. drawn];
            if (options.Folds > 0)
            {
                List<HeldOutAnswer> answers = ModalityCrossValidation.Run(
                    labels, read, drawn, clip => MayTrain(clip.Item), backbone, options,
                    fold => output.Log.Report("folds", fold, options.Folds, null), cancellationToken);
                ModalityEvaluator evaluator = new(labels, answers, MayTrain);
                calibration = evaluator.Calibrate(options.RejectionRate);
                string[] leftOut = [.. read.Select(c => c.Label).Where(label => label != ModalityManifest.NoModality)
                    .Except(labels).Order(StringComparer.Ordinal)];
                int trained = training.Count - drawn.Count;
                evaluation = evaluator.Evaluate(
                    calibration, options, leftOut, new ModalityEvaluation.ClipCounts(trained, read.Count - trained), passed);
                WholeFile.Write(Path.Combine(options.OutputFolder, "evaluation.json"), ReportJson.Text(evaluation));
                ModalityReport.Of(evaluation).Write(options.OutputFolder, "EVALUATION.md");
            }

            ModalityMetadata metadata = new() { Labels = labels, Calibration = calibration, TrainingDataHash = dataHash, Seed = options.Seed };
            using LinearDiscriminant discriminant = DiscriminantFitting.Fit(labels, training);
            ModalityNetwork.Save(Path.Combine(options.OutputFolder, WeightsFileName), backbone, discriminant, metadata);
            output.Log.Report("done", 1, 1, null);
            return evaluation;
        }
    }

    private static ResidualBackbone LoadBackbone(string path) => Path.GetExtension(path).Equals(".onnx", StringComparison.OrdinalIgnoreCase)
        ? ResNet18Onnx.Read(path, CPU)
        : ModalityNetwork.LoadBackbone(path, CPU);

    private async Task<(List<ModalityFeatures> Clips, List<PassedOverFile> PassedOver)> ReadAsync(
        List<(string Folder, ModalityItem Item)> items, FeatureExtraction extraction, ModalityTrainingOptions options, ClassifierTrainingLog log,
        CancellationToken cancellationToken)
    {
        ModalityClipReader clipReader = new(DecodeAsync, options.FramesPerClip);
        List<ModalityFeatures> clips = [];
        List<PassedOverFile> passedOver = [];
        foreach ((int index, (string folder, ModalityItem item)) in items.Index())
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                Task<IReadOnlyList<FramePicture>> Read() => clipReader.ReadAsync(Path.Combine(folder, item.Path), item, cancellationToken);
                if (await extraction.OfAsync(index, item, Read).ConfigureAwait(false) is { } clip)
                {
                    clips.Add(clip);
                }
                else
                {
                    passedOver.Add(new PassedOverFile(item.Path, "nothing is to be seen"));
                }
            }
            catch (MediaException exception)
            {
                passedOver.Add(new PassedOverFile(item.Path, exception.Message));
                if (passedOver.Count > options.MaxUnreadable)
                {
                    throw new InvalidInputException(
                        "data",
                        $"'{item.Path}' cannot be read ({exception.Message}), and {passedOver.Count - 1} before it; at most {options.MaxUnreadable} "
                            + "are passed over.");
                }

                log.Warn($"passed over '{item.Path}': {exception.Message}", index + 1, items.Count);
            }

            log.Report("features", index + 1, items.Count, null);
        }

        return (clips, passedOver);
    }

    /// <summary>Drawn pictures of the kinds that are trained on as "none of them".</summary>
    private static async Task<List<ModalityFeatures>> DrawAsync(FeatureExtraction extraction, int firstIndex, ModalityTrainingOptions options)
    {
        Random random = new(options.Seed);
        List<ModalityFeatures> drawn = [];
        foreach (string kind in OutlierPictures.TrainedKinds)
        {
            for (int i = 0; i < options.DrawnPictures; i++)
            {
                FramePicture picture = OutlierPictures.Draw(kind, random);
                ModalityItem item = new()
                {
                    Path = $"{kind} {i}",
                    ModalityCode = ModalityManifest.NoModality,
                    Kind = "image",
                    Frames = 1,
                    Source = kind,
                    GroupId = $"{kind} {i}",
                };
                IReadOnlyList<FramePicture> pictures = picture.IsFlat ? [] : [picture];
                if (await extraction.OfAsync(firstIndex + drawn.Count, item, () => Task.FromResult(pictures)).ConfigureAwait(false) is { } features)
                {
                    drawn.Add(features);
                }
            }
        }

        return drawn;
    }

    /// <summary>Names what was trained on: kept features of other data are not those of this run.</summary>
    private static async Task<string> HashDataAsync(ModalityTrainingOptions options, CancellationToken cancellationToken)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string folder in options.DataFolders)
        {
            hash.AppendData(await File.ReadAllBytesAsync(Path.Combine(folder, ModalityManifest.FileName), cancellationToken).ConfigureAwait(false));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
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
}
