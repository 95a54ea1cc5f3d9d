using System.CommandLine;
using System.Diagnostics;
using MedGen.Cli.Connections;
using MedGen.Cli.Output;
using MedGen.Protos.V1;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen classify modality FILES</c>.</summary>
internal static class ClassifyCommand
{
    /// <summary>Task of the modality classifier.</summary>
    public const string ModalityTask = "imaging-modality";

    public static Command Create()
    {
        ConnectionOptions connection = new();
        Argument<string[]> files = new("files") { Description = "Clips or stills.", Arity = ArgumentArity.OneOrMore };
        Command modality = new("modality", "Names the imaging modality as a DICOM defined term, or abstains (unknown).") { files };
        connection.AddTo(modality);
        modality.SetAction(async (parsed, cancellationToken) =>
        {
            await using HostConnection host = await connection.ConnectAsync(parsed, DataUse.Temporary, cancellationToken);
            return await RunAsync(host, parsed.GetRequiredValue(files), parsed.GetValue(connection.Json), cancellationToken);
        });
        return new Command("classify", "Classifies videos and stills.") { modality, ClassifyPhasesCommand.Create() };
    }

    /// <summary>Classifies an uploaded clip.</summary>
    public static async Task<ClipPrediction> ClassifyAsync(HostConnection host, Artifact artifact, CancellationToken cancellationToken)
    {
        ClipPrediction? prediction = null;
        ClassifyVideoRequest request =
            new() { ArtifactId = artifact.ArtifactId, Task = ModalityTask, Options = new JobOptions { CancelOnDisconnect = true } };
        await foreach (JobEvent update in host.Client.Analysis.ClassifyAsync(request, cancellationToken))
        {
            prediction = update.Clip ?? prediction;
        }

        return prediction ?? throw new InvalidDataException("The host ended the stream without an answer.");
    }

    private static async Task<int> RunAsync(HostConnection host, IEnumerable<string> files, bool json, CancellationToken cancellationToken)
    {
        // One bad file does not keep the others from their answer; the first failure decides the exit code.
        int exitCode = ExitCode.Success;
        foreach (string file in files)
        {
            try
            {
                Stopwatch watch = Stopwatch.StartNew();
                await using UploadedFile clip = await UploadedFile.CreateAsync(host, file, cancellationToken);
                ClipPrediction prediction = await ClassifyAsync(host, clip.Artifact, cancellationToken);
                Write(file, prediction, watch.Elapsed.TotalSeconds, json);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                (int code, string message) = ErrorReport.Describe(exception);
                await Console.Error.WriteLineAsync($"error: {file}: {message}");
                exitCode = exitCode == ExitCode.Success ? code : exitCode;
            }
        }

        return exitCode;
    }

    private static void Write(string file, ClipPrediction prediction, double seconds, bool json)
    {
        if (json)
        {
            JsonLines.Write(new
            {
                file,
                modality = prediction.Label,
                probability = prediction.Probability,
                probabilities = prediction.Probabilities.ToDictionary(p => p.Label, p => p.Probability),
                abstained = prediction.Abstained,
                frames = prediction.FrameCount,
                seconds = Math.Round(seconds, 3),
            });
            return;
        }

        string others = string.Join(
            ", ", prediction.Probabilities.OrderByDescending(p => p.Probability).Take(3).Select(p => $"{p.Label} {p.Probability:0.00}"));
        Terminal.Line($"{prediction.Label,-8} {file}  ({others}; {prediction.FrameCount} frames, {seconds:0.0} s)");
    }
}
