using System.Diagnostics;
using Google.Protobuf.WellKnownTypes;
using MedGen.Sdk.Errors;
using MedGen.Cli.Connections;
using MedGen.Cli.Output;
using MedGen.Datasets.Reading;
using MedGen.Datasets.Writing;
using MedGen.Protos.V1;
using OutputMode = MedGen.Datasets.Augmentation.OutputMode;

namespace MedGen.Cli.Augmentation;

/// <summary>Asks a host for an augmentation and tells what it came to.</summary>
internal sealed class AugmentationCall(HostConnection host, string spec, bool json, string? pluginId = null)
{
    /// <summary>With a host of this process, which reads and writes the folders themselves.</summary>
    public async Task<int> RunHereAsync(string data, string output, OutputMode mode, CancellationToken cancellationToken)
    {
        Stopwatch watch = Stopwatch.StartNew();
        return Tell(await AugmentAsync(data, output, mode, cancellationToken), output, watch.Elapsed);
    }

    /// <summary>As <see cref="RunHereAsync"/>, and nothing is told of it but progress.</summary>
    public async Task<AugmentationSummary> AugmentAsync(string data, string output, OutputMode mode, CancellationToken cancellationToken)
    {
        AugmentDatasetRequest request = NewRequest();
        request.Folders = new DatasetFolders { DataFolder = data, OutputFolder = output, Mode = (Protos.V1.OutputMode)((int)mode + 1) };
        return (await FollowAsync(request, cancellationToken)).Summary;
    }

    /// <summary>With a host elsewhere: the data set goes there and comes back as a tar file.</summary>
    public async Task<int> RunThereAsync(string data, string output, OutputMode mode, CancellationToken cancellationToken)
    {
        if (mode == OutputMode.Resume)
        {
            throw new InvalidInputException(
                "resume", "a remote host continues by itself ('medgen jobs watch'); --resume is for a host in this process.");
        }

        bool isTaken = Directory.Exists(output) && Directory.EnumerateFileSystemEntries(output).Any();
        if (isTaken && (mode != OutputMode.Overwrite || !File.Exists(Path.Combine(output, "augmentation.json"))))
        {
            throw new InvalidInputException("out", $"'{Path.GetFileName(output)}' is not empty; --overwrite replaces an augmentation that is in it.");
        }

        using (TemporaryFolder temporary = TemporaryFolder.Create())
        {
            Stopwatch watch = Stopwatch.StartNew();
            string tar = File.Exists(data) ? data : Path.Combine(temporary.Path, "dataset.tar");
            if (tar != data)
            {
                await DatasetTar.PackAsync(data, tar, cancellationToken);
            }

            await using UploadedFile upload = await UploadedFile.CreateAsync(host, tar, cancellationToken);
            AugmentDatasetRequest request = NewRequest();
            request.DatasetArtifactId = upload.Artifact.ArtifactId;
            (AugmentationSummary summary, Artifact? result) = await FollowAsync(request, cancellationToken);
            string answer = Path.Combine(temporary.Path, "answer.tar");
            await host.Client.Artifacts.DownloadAsync(result!.ArtifactId, answer, cancellationToken: cancellationToken);
            if (isTaken)
            {
                Directory.Delete(output, recursive: true);
            }

            Directory.CreateDirectory(output);
            await DatasetArchive.UnpackAsync(answer, output, cancellationToken);
            return Tell(summary, output, watch.Elapsed);
        }
    }

    private AugmentDatasetRequest NewRequest() =>
        new() { SpecJson = spec, PluginId = pluginId ?? "", Options = new JobOptions { CancelOnDisconnect = true } };

    private Task<(AugmentationSummary Summary, Artifact? Result)> FollowAsync(AugmentDatasetRequest request, CancellationToken cancellationToken) =>
        Terminal.WithProgressAsync(json, async report =>
        {
            (AugmentationSummary? summary, Artifact? result) = (null, null);
            await foreach (JobEvent update in host.Client.Augmentation.AugmentAsync(request, cancellationToken))
            {
                if (update.Progress is { Stage: JobStage.TrainingAdapter, StepsTotal: > 0 } training)
                {
                    report(
                        $"training adapters, step {training.StepsDone}/{training.StepsTotal}{Left(training.TimeLeft)}",
                        (double)training.StepsDone / training.StepsTotal);
                    if (json)
                    {
                        JsonLines.Write(
                            new
                            {
                                stage = "training",
                                stepsDone = training.StepsDone,
                                stepsTotal = training.StepsTotal,
                                remainingSeconds = training.TimeLeft?.ToTimeSpan().TotalSeconds,
                            });
                    }
                }

                if (update.AugmentationYield is { Wanted: > 0 } clips)
                {
                    report($"{clips.Kept}/{clips.Wanted} clips, {clips.Made} made{Left(clips.Remaining)}", (double)clips.Kept / clips.Wanted);
                    if (json)
                    {
                        JsonLines.Write(
                            new
                            {
                                made = clips.Made,
                                kept = clips.Kept,
                                wanted = clips.Wanted,
                                rejected = clips.Rejected,
                                remainingSeconds = clips.Remaining?.ToTimeSpan().TotalSeconds,
                            });
                    }
                }

                (summary, result) = (update.AugmentationSummary ?? summary, update.Result ?? result);
            }

            return (summary ?? throw new InvalidDataException("The host ended the stream without a summary."), result);
        });

    private static string Left(Duration? remaining) => remaining is null ? "" : $", {remaining.ToTimeSpan():hh\\:mm\\:ss} left";

    private int Tell(AugmentationSummary summary, string output, TimeSpan took)
    {
        bool isShort = summary.Classes.Any(one => one.Kept < one.Wanted);
        if (json)
        {
            JsonLines.Write(new
            {
                folder = output,
                real = summary.Real,
                made = summary.Made,
                kept = summary.Kept,
                rejected = summary.Rejected,
                unreadable = summary.Unreadable,
                passedOver = summary.PassedOver,
                privacyLimit = summary.PrivacyLimit,
                learntPrivacy = summary.LearntPrivacy is { } learnt
                    ? new
                    {
                        notMade = learnt.NotMade.Length > 0 ? learnt.NotMade : null,
                        fittedPatients = learnt.FittedPatients,
                        heldOutPatients = learnt.HeldOutPatients,
                        limit = learnt.Limit,
                        found = learnt.Found,
                    }
                    : null,
                classes = summary.Classes.Select(
                    one => new { name = one.Name, realTraining = one.RealTraining, wanted = one.Wanted, kept = one.Kept }),
                seconds = Math.Round(took.TotalSeconds, 3),
            });
        }
        else
        {
            Terminal.Table(
                ["class", "real, training", "wanted", "kept"], summary.Classes.Select(
                    one => (IReadOnlyList<string>)[one.Name, $"{one.RealTraining}", $"{one.Wanted}", $"{one.Kept}"]));
            string refused = summary.Rejected.Count == 0
                ? ""
                : $", refused: {string.Join(", ", summary.Rejected.Select(one => $"{one.Key} {one.Value}"))}";
            Terminal.Line(
                $"{output}: {summary.Real} real and {summary.Kept} synthetic clips ({summary.Made} made{refused}), {took.TotalSeconds:0.0} s. "
                    + "README.md is its card.");
            if (summary.LearntPrivacy is { NotMade.Length: > 0 } notChecked)
            {
                Terminal.Line($"no learnt privacy check: {notChecked.NotMade}. Thumbnails alone were compared.");
            }

            if (summary.PassedOver.Count > 0)
            {
                IEnumerable<string> kinds = summary.PassedOver.OrderBy(kind => kind.Key, StringComparer.Ordinal)
                    .Select(kind => $"{kind.Value} {kind.Key}");
                Terminal.Line($"passed over, as no clip of the data set: {string.Join(", ", kinds)}");
            }
        }

        // Fewer clips than were asked for is an answer, but not the one that was hoped for.
        return isShort ? ExitCode.Negative : ExitCode.Success;
    }
}
