using MedGen.Datasets.Augmentation;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Models;
using MedGen.Datasets.Adapters;
using MedGen.Datasets.Clips;
using MedGen.Datasets.Splits;
using MedGen.Datasets.Files;
using MedGen.Datasets.Filters;
using MedGen.Datasets.Reading;
using MedGen.Datasets.Reidentification;
using MedGen.Datasets.Writing;
using MedGen.Media;

namespace MedGen.Datasets.Running;

/// <summary>
/// Runs an augmentation from a data set to a larger one: read, split, decode, train adapters where a method needs them, make and judge clip by clip,
/// write.
/// </summary>
/// <param name="reader">Decodes.</param>
/// <param name="writer">Encodes.</param>
/// <param name="time">Measures what is left.</param>
/// <param name="trainer">Trains adapters; null: methods that need one trained are refused.</param>
/// <param name="model">The host's model, of which the data set's card says whether it has seen the held-out clips; null: there is none.</param>
/// <param name="adapterData">What an adapter of the host was trained on; null where nothing says it.</param>
/// <param name="features">Pretrained features for the learnt privacy check; null: there are none, and the card says so.</param>
public sealed class DatasetAugmentation(
    IVideoReader reader, IVideoWriter writer, TimeProvider time, IAdapterTrainer? trainer = null, ModelDescription? model = null,
    Func<string, CancellationToken, Task<TrainingData?>>? adapterData = null, IClipFeatures? features = null)
{
    private const string WorkFolder = ".work";

    /// <summary>Runs it, or goes on with it.</summary>
    /// <param name="task">What to do.</param>
    /// <param name="augmenter">Makes the clips.</param>
    /// <param name="report">Told how far it is; awaited.</param>
    /// <param name="cancellationToken">Stops; what is done stays, and a run with <see cref="OutputMode.Resume"/> goes on.</param>
    /// <returns>What it came to.</returns>
    /// <exception cref="AccessDeniedException">A link leads out of the task's scope.</exception>
    /// <exception cref="InvalidInputException">Specification, data or output folder are wrong; fields are named.</exception>
    /// <exception cref="FailedPreconditionException">A method needs what is not there, or the augmenter did not give what was asked for.</exception>
    /// <exception cref="ResourceExhaustedException">The disk or a queue is full; the run can go on later.</exception>
    public async Task<AugmentationSummary> RunAsync(
        AugmentationTask task, IDatasetAugmenter augmenter, Func<AugmentationStatus, CancellationToken, Task> report,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(augmenter);
        AugmentationSpec spec = AugmentationSpecReader.Check(task.Spec);
        await AugmentationMethods.CheckAsync(spec, augmenter, trainer, cancellationToken).ConfigureAwait(false);
        string output = Path.GetFullPath(task.Scope.Resolve(task.Output, AugmentationTask.OutputField));
        Refuse(task.Data, output);

        // Beside the output, not in it: what is there is judged before anything is written.
        string work = output + WorkFolder;
        task.Scope.RequireTree(output, AugmentationTask.OutputField);
        Remove(work);
        try
        {
            string root = await DatasetSource.OpenAsync(task.Data, Path.Combine(work, "data"), cancellationToken, task.Scope, task.DataName)
                .ConfigureAwait(false);

            // What was unpacked lies beside the output, and holds no links.
            PathScope scope = root == task.Data ? task.Scope : PathScope.Anywhere;
            DatasetContent read = DatasetFolder.List(root, spec.GroupColumn, scope);
            IReadOnlyList<DatasetItem> items = DatasetSplitter.Split(read.Items, spec.Labels, spec.SplitOptions);
            ThrowIfPlacesAreLost(spec, items);
            await SharedContent.ThrowIfSharedAsync(items, cancellationToken, scope).ConfigureAwait(false);
            bool looksForPatients = LooksForPatients(spec, augmenter);
            OutputClaim.Of(task, read.Items, looksForPatients && spec.Filters.Privacy.Learnt != false ? features?.Name : null)
                .Take(output, task.Mode);
            SplitTable.Write(output, items);
            return await RunAsync(
                task, spec, read with { Items = items }, scope, augmenter, output, work, new RunProgress(report, time),
                cancellationToken).ConfigureAwait(false);
        }
        catch (IOException exception) when (IsDiskFull(exception))
        {
            throw new ResourceExhaustedException(
                "DISK_FULL", "The disk is full; what is done stays, and the augmentation can go on when there is room.");
        }
        finally
        {
            Remove(work);
        }
    }

    private async Task<AugmentationSummary> RunAsync(
        AugmentationTask task, AugmentationSpec spec, DatasetContent data, PathScope scope, IDatasetAugmenter augmenter, string output, string work,
        RunProgress progress, CancellationToken cancellationToken)
    {
        IReadOnlyList<DatasetItem> items = data.Items;
        ClipShape shape = spec.Clip;
        DatasetItem[] decoded = [.. items.Where(item => item.Split == DatasetSplit.Train || item.Split == DatasetSplit.Test)];
        (IReadOnlyList<DecodedClip> clips, IReadOnlyList<string> unreadable) = await DatasetClips.PrepareAsync(
            decoded, shape, spec.MaxUnreadable, Path.Combine(work, "clips"), reader, _ => { }, cancellationToken, scope).ConfigureAwait(false);
        await progress.PreparingAsync(clips.Count, decoded.Length, cancellationToken).ConfigureAwait(false);
        DecodedClip[] training = [.. clips.Where(clip => clip.Item.Split == DatasetSplit.Train)];
        DecodedClip[] test = [.. clips.Where(clip => clip.Item.Split == DatasetSplit.Test)];
        if (training.Length == 0)
        {
            throw new InvalidInputException("data", "no training clip can be used.");
        }

        AugmentationPlan plan = new(spec, training);
        PatientReidentification? patients = !LooksForPatients(spec, augmenter) ? null : await PatientReidentification.TrainAsync(
            spec.Filters.Privacy, features, training, shape, spec.Seed,
            (done, all) => progress.PreparingAsync(done, all, cancellationToken), cancellationToken).ConfigureAwait(false);
        ClipJudge judge = new(spec.Filters, training, test, clip => spec.Labels.ClassesOf(clip.Item)[0], patients);
        MethodAdapters adapters = await new AdapterPreparation(spec, augmenter, trainer, output, progress).PrepareAsync(plan, cancellationToken)
            .ConfigureAwait(false);
        ClipFiles files = new(
            output, reader, writer) { Scope = task.Scope, Format = spec.Output.Format == ClipFormat.Mp4Lossless
                ? VideoFormat.LosslessH264
                : VideoFormat.H264 };
        using AugmentationJournal journal = AugmentationJournal.Open(output);
        await progress.BeginAsync(plan.Targets.Sum(target => target.Wanted), journal.Records, cancellationToken).ConfigureAwait(false);
        await new ClipRounds(spec, plan, adapters, judge, augmenter, files, journal, progress).RunAsync(cancellationToken).ConfigureAwait(false);
        AugmentationSummary summary = new()
        {
            Targets = plan.Targets,
            Items = items,
            Records = journal.Records,
            Unreadable = unreadable,
            PassedOver = data.PassedOver,
            PrivacyLimit = judge.PrivacyLimit,
            Reidentification = patients is null ? null : patients.Report with
            {
                Rejected = journal.Records.Count(
                    record => !record.Kept && AugmentationSummary.FilterOf(record) == ReidentificationFilter.FilterName),
            },
            Adapters = adapters.Trained,
            Generators = await ExposureCheck.OfAsync(
                journal.Records, adapters.Trained, items, model, adapterData, scope, cancellationToken).ConfigureAwait(false),
        };
        task.Scope.RequireTree(output, AugmentationTask.OutputField);
        await OutputFolder.CompleteAsync(output, spec, summary, training, files, scope, progress, cancellationToken).ConfigureAwait(false);
        return summary;
    }

    // A made clip beside whose picture no mask stands would be taken for one in which there is nothing.
    private static void ThrowIfPlacesAreLost(AugmentationSpec spec, IReadOnlyList<DatasetItem> items)
    {
        if (!spec.WithoutPlaces && PlaceColumns.Of(items) is { Count: > 0 } columns)
        {
            throw new InvalidInputException(
                "data", $"its list says where something lies in the picture ({string.Join(", ", columns)}), and no method carries that along with a "
                    + "clip; \"without_places\": true makes clips without it.");
        }
    }

    // Only what a model generates can show a patient whom it should not.
    private static bool LooksForPatients(AugmentationSpec spec, IDatasetAugmenter augmenter) => spec.Filters.Privacy.Enabled && augmenter.Describe()
        .Methods.Any(known => known.Origin == ClipOrigin.Generated && spec.Methods.Any(method => method.Type == known.Name));

    // Of a link, the link itself goes.
    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // A folder in itself would be read as data the next time, or be deleted by --overwrite.
    private static void Refuse(string data, string output)
    {
        string source = Path.GetFullPath(data) + Path.DirectorySeparatorChar;
        if ((output + Path.DirectorySeparatorChar).StartsWith(source, StringComparison.Ordinal)
            || source.StartsWith(output + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new InvalidInputException("out", "data set and output lie in each other; a folder beside the data set is needed.");
        }
    }

    private static bool IsDiskFull(IOException exception) => (exception.HResult & 0xFFFF) is 28 or 0x70 or 0x27;
}
