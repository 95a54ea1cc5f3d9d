using System.CommandLine;
using MedGen.Classifiers.Training.ImagingModality;
using MedGen.Cli.Connections;
using MedGen.Cli.Output;
using MedGen.Media;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen train modality</c>.</summary>
internal static class TrainModalityCommand
{
    public static Command Create()
    {
        Option<string[]> data = new("--data")
        {
            Description = "Folder with manifest.csv and its files; may be given several times.", Required = true, Arity = ArgumentArity.OneOrMore,
        };
        Option<string> output = new("--out") { Description = "Folder for weights, evaluation, log and features.", Required = true };
        Option<string> backbone = new("--backbone")
        {
            Description = "The frozen features: a weights file of this classifier, or ResNet18.onnx of the NuGet package "
                + "Microsoft.ML.DnnImageFeaturizer.ResNet18. Default: those of the plugin that comes with the command.",
            DefaultValueFactory = _ => DefaultFolders.ModalityWeights,
        };
        Option<int> seed = new("--seed") { Description = "Random seed.", DefaultValueFactory = _ => 1 };
        Option<int> folds = new("--folds")
        {
            Description = "Folds of the cross-validation by group and source; 0: none.",
            DefaultValueFactory = _ => ModalityTrainingOptions.DefaultFolds,
        };
        Option<int> views = new("--views")
        {
            Description = "Randomly changed views of each picture that are trained on.",
            DefaultValueFactory = _ => ModalityTrainingOptions.DefaultDrawnViews,
        };
        Option<bool> everyLicence = new("--every-licence")
        {
            Description = "Train on files of every licence. Without it, a file whose licence is not permissive (CC0, CC BY, CC BY-SA, "
                + "public domain, MIT, BSD, Apache), or not stated, is evaluated on only.",
        };
        Option<int> unreadable = new("--max-unreadable")
        {
            Description = "Number of undecodable files that are named and passed over; one more ends the training.",
            DefaultValueFactory = _ => ModalityTrainingOptions.DefaultMaxUnreadable,
        };
        Option<bool> resume = new("--resume") { Description = "Continue an interrupted run: keep its finished features." };
        Option<bool> json = JsonOption.Create();
        Command modality = new("modality", "Trains the imaging-modality classifier, cross-validated by group_id and source.")
        {
            data, output, backbone, seed, folds, views, everyLicence, unreadable, resume, json,
        };
        modality.SetAction(async (parsed, cancellationToken) =>
        {
            ModalityTrainingOptions options = new()
            {
                DataFolders = parsed.GetRequiredValue(data),
                BackboneFile = parsed.GetRequiredValue(backbone),
                OutputFolder = parsed.GetRequiredValue(output),
                Seed = parsed.GetValue(seed),
                Folds = parsed.GetValue(folds),
                DrawnViews = parsed.GetValue(views),
                TrainOnEveryLicence = parsed.GetValue(everyLicence),
                MaxUnreadable = parsed.GetValue(unreadable),
                Resume = parsed.GetValue(resume),
            };
            return await RunAsync(options, parsed.GetValue(json), cancellationToken);
        });
        return modality;
    }

    private static async Task<int> RunAsync(ModalityTrainingOptions options, bool json, CancellationToken cancellationToken)
    {
        await using ServiceProvider services = MediaServices.Create();
        ModalityTrainer trainer = new(services.GetRequiredService<IVideoReader>());
        await Terminal.WithProgressAsync(json, async report =>
        {
            return await trainer.RunAsync(options, new TrainingReport(json, report), cancellationToken);
        });
        string evaluation = Path.Combine(options.OutputFolder, "EVALUATION.md");
        if (!json && options.Folds > 0)
        {
            Terminal.Line(await File.ReadAllTextAsync(evaluation, cancellationToken));
        }

        return ExitCode.Success;
    }
}
