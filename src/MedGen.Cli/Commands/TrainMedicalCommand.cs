using System.CommandLine;
using System.Globalization;
using MedGen.Cli.Connections;
using MedGen.Cli.Output;
using MedGen.Curation.Networks;
using MedGen.Media;
using MedGen.Sdk.Files;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen train medical</c>: the head by which curation tells medical frames from everyday ones.</summary>
internal static class TrainMedicalCommand
{
    public static Command Create()
    {
        Option<string[]> data = new("--data")
        {
            Description = "Folder with manifest.csv and its files, modality_code unknown being everyday pictures; may be given several times.",
            Required = true, Arity = ArgumentArity.OneOrMore,
        };
        Option<string> output = new("--out") { Description = "File of the head, JSON.", Required = true };
        Option<string> weights = new("--modality-weights")
        {
            Description = "Weights of the imaging-modality classifier, whose features are used. "
                + "Default: those of the plugin that comes with the command.",
            DefaultValueFactory = _ => DefaultFolders.ModalityWeights,
        };
        Option<bool> json = JsonOption.Create();
        Command command = new("medical", "Trains the head by which 'medgen curate' tells medical frames, cross-validated by source.")
        {
            data, output, weights, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using ServiceProvider services = MediaServices.Create();
            MedicalHeadTrainer trainer = new(services.GetRequiredService<IVideoReader>(), parsed.GetRequiredValue(weights));
            bool isJson = parsed.GetValue(json);
            MedicalHeadResult result = await Terminal.WithProgressAsync(
                isJson, show => trainer.TrainAsync(parsed.GetRequiredValue(data), show, cancellationToken));
            WholeFile.Write(Path.GetFullPath(parsed.GetRequiredValue(output)), result.Head.ToJson());
            if (isJson)
            {
                JsonLines.Write(result);
            }
            else
            {
                Terminal.Line(string.Create(
                    CultureInfo.InvariantCulture,
                    $"On sources never seen ({result.Sources}): keeps {result.MedicalKept} of {result.Medical} medical clips and pictures, "
                        + $"and {result.EverydayKept} of {result.Everyday} everyday pictures. "
                        + $"Trained on {result.TrainedOn} with a permissive licence."));
            }

            return ExitCode.Success;
        });
        return command;
    }
}
