using System.CommandLine;
using System.Diagnostics;
using MedGen.Cli.Analysis;
using MedGen.Cli.Connections;
using MedGen.Cli.Dicom;
using MedGen.Cli.Output;
using MedGen.Protos.V1;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen classify modality FILES</c>: a shortcut for <c>analyze --task imaging-modality</c>.</summary>
internal static class ClassifyCommand
{
    public static Command Create()
    {
        ConnectionOptions connection = new();
        Argument<string[]> files = new("files")
        {
            Description = "Clips, stills or DICOM files, or folders with the slices of one DICOM series.", Arity = ArgumentArity.OneOrMore,
        };
        Option<string?> plugin = PluginOption.Create();
        Command modality = new("modality", "Names the imaging modality as a DICOM defined term, or abstains (unknown).") { files, plugin };
        connection.AddTo(modality);
        modality.SetAction(async (parsed, cancellationToken) =>
        {
            AnalyzeVideoRequest request = Request(parsed.GetValue(plugin));
            bool json = parsed.GetValue(connection.Json);
            await using HostConnection host = await connection.ConnectAsync(parsed, DataUse.Temporary, cancellationToken);
            return await FileByFile.RunAsync(parsed.GetRequiredValue(files), file => file, async file =>
            {
                Stopwatch watch = Stopwatch.StartNew();
                using UploadableClip clip = await UploadableClip.CreateAsync(file, cancellationToken);
                AnalysisAnswer answer = await AnalyzeCommand.RunAsync(host, request, [("", clip.Path)], cancellationToken);
                Write(file, ModalityAnswer.Of(answer), clip.StatedModality, watch.Elapsed.TotalSeconds, json);
            });
        });
        return new Command("classify", "Classifies videos and stills.") { modality, ClassifyPhasesCommand.Create() };
    }

    /// <summary>Asks for the modality of clips.</summary>
    public static AnalyzeVideoRequest Request(string? pluginId = null) => new()
    {
        Task = ModalityAnswer.Task,
        PluginId = pluginId ?? "",
        OmitInterim = true,
        Options = new JobOptions { CancelOnDisconnect = true },
    };

    private static void Write(string file, ModalityAnswer answer, string? stated, double seconds, bool json)
    {
        if (json)
        {
            JsonLines.Write(new
            {
                file,
                modality = answer.Label,
                probability = answer.Probability,
                probabilities = answer.Probabilities.ToDictionary(p => p.Label, p => p.Probability),
                abstained = answer.Abstained,
                statedModality = stated,
                agreesWithStated = answer.AgreesWith(stated),
                frames = answer.Frames,
                seconds = Math.Round(seconds, 3),
            });
            return;
        }

        string others = string.Join(
            ", ", answer.Probabilities.OrderByDescending(p => p.Probability).Take(3).Select(p => $"{p.Label} {p.Probability:0.00}"));
        Terminal.Line($"{answer.Label,-8} {file}  ({others}; {answer.Frames} frames, {seconds:0.0} s)");
        if (answer.AgreesWith(stated) == false)
        {
            Terminal.Warning($"{file}: (0008,0060) Modality says {stated}, the pictures look like {answer.Label}.");
        }
    }
}
