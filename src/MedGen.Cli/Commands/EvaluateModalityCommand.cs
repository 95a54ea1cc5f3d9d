using System.CommandLine;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Cli.Analysis;
using MedGen.Cli.Connections;
using MedGen.Cli.Output;
using MedGen.Client;
using MedGen.Protos.V1;
using MedGen.Classifiers.Training.Dicom;
using MedGen.Classifiers.Training.ImagingModality.Evaluation;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen evaluate modality</c>: asks the classifier as any caller does, and compares its answers with the labels of a folder.</summary>
internal static class EvaluateModalityCommand
{
    private const int FramesPerDicomFile = 16;

    public static Command Create()
    {
        ConnectionOptions connection = new();
        Option<string> data = new("--data")
        {
            Description =
                "Labelled folder: manifest.csv with path, modality_code (unknown: no medical picture) and group_id; or metadata.csv, "
                    + "metadata.jsonl or a folder for each class, "
                    + "the label being the modality.",
            Required = true,
        };
        Command modality = new("modality", "Compares the imaging-modality classifier's answers with the modalities of a labelled folder.") { data };
        connection.AddTo(modality);
        modality.SetAction(async (parsed, cancellationToken) =>
        {
            LabelledContent content = LabelledFolder.Read(parsed.GetRequiredValue(data));
            bool json = parsed.GetValue(connection.Json);
            await using HostConnection host = await connection.ConnectAsync(parsed, DataUse.Temporary, cancellationToken);
            LabelledEvaluation evaluation = await Terminal.WithProgressAsync(json, report => EvaluateAsync(host, content, report, cancellationToken));
            if (json)
            {
                JsonLines.Write(evaluation);
            }
            else
            {
                Terminal.Line(LabelledReport.Of(evaluation).ToMarkdown());
            }

            return ExitCode.Success;
        });
        return modality;
    }

    private static async Task<LabelledEvaluation> EvaluateAsync(
        HostConnection host, LabelledContent content, Action<string, double> report, CancellationToken cancellationToken)
    {
        List<LabelledAnswer> answers = [];
        List<SkippedClip> skipped = [];
        ModalityAnswer? last = null;
        foreach ((int index, LabelledClip clip) in content.Clips.Index())
        {
            report(clip.Name, (double)index / content.Clips.Count);
            try
            {
                ModalityAnswer answer = clip.IsDicom
                    ? await ClassifyDicomAsync(host, clip, cancellationToken)
                    : await ClassifyFileAsync(host, clip, cancellationToken);
                last = answer;
                answers.Add(new LabelledAnswer(clip, [.. answer.Probabilities.Select(p => p.Probability)], answer.Abstained));
            }
            catch (Exception exception) when (exception is MediaException or MedGenRpcException { StatusCode: StatusCode.InvalidArgument })
            {
                // The file is at fault; whatever else goes wrong concerns all files and ends the command.
                skipped.Add(new SkippedClip(clip.Name, ErrorReport.Describe(exception).Message));
            }
        }

        return LabelledEvaluator.Evaluate(
            [.. (last?.Probabilities ?? []).Select(one => one.Label)], last?.Analyzer.WeightsSha256.FirstOrDefault() ?? "", answers, skipped,
            content.PassedOver);
    }

    private static async Task<ModalityAnswer> ClassifyFileAsync(HostConnection host, LabelledClip clip, CancellationToken cancellationToken)
    {
        return ModalityAnswer.Of(await AnalyzeCommand.RunAsync(host, ClassifyCommand.Request(), [("", clip.FullPath)], cancellationToken));
    }

    /// <summary>
    /// The host decodes films and stills only; the pictures of a DICOM file reach the same classifier as a live stream, of which every frame votes.
    /// </summary>
    private static async Task<ModalityAnswer> ClassifyDicomAsync(HostConnection host, LabelledClip clip, CancellationToken cancellationToken)
    {
        IReadOnlyList<VideoFrame> pictures = DicomPictures.Read(clip.FullPath, clip.ModalityCode, FramesPerDicomFile)
            ?? throw new MediaException(
                clip.Name, "its pixels are compressed or coloured; of DICOM files only uncompressed monochrome ones are read.");
        StreamFramesConfig config = new() { Task = ModalityAnswer.Task, Width = pictures[0].Width, Height = pictures[0].Height };
        return ModalityAnswer.Of(
            await AnalysisAnswer.ReadAsync(host.Client.Analysis.StreamFramesAsync(config, Frames(pictures), cancellationToken), cancellationToken));
    }

    private static async IAsyncEnumerable<RawFrame> Frames(IReadOnlyList<VideoFrame> pictures)
    {
        await Task.CompletedTask;
        foreach ((int index, VideoFrame picture) in pictures.Index())
        {
            using (picture)
            {
                yield return new RawFrame
                {
                    Rgb24 = ByteString.CopyFrom(picture.Pixels.Span),
                    Timestamp = Duration.FromTimeSpan(TimeSpan.FromSeconds(index)),
                };
            }
        }
    }
}
