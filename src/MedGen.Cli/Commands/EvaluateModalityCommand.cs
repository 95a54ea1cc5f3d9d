using System.CommandLine;
using Grpc.Core;
using MedGen.Sdk.Errors;
using MedGen.Cli.Analysis;
using MedGen.Cli.Connections;
using MedGen.Cli.Output;
using MedGen.Client;
using MedGen.Classifiers.Training.ImagingModality.Evaluation;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen evaluate modality</c>: asks the classifier as any caller does, and compares its answers with the labels of a folder.</summary>
internal static class EvaluateModalityCommand
{
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
                ModalityAnswer answer =
                    ModalityAnswer.Of(await AnalyzeCommand.RunAsync(host, ClassifyCommand.Request(), [("", clip.FullPath)], cancellationToken));
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
}
