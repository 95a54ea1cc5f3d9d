using System.CommandLine;
using System.Globalization;
using MedGen.Abstractions.Errors;
using MedGen.Cli.Output;
using MedGen.Training.SurgicalPhase;
using MedGen.Training.SurgicalPhase.Evaluation;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen evaluate</c>, and <c>medgen evaluate phases</c>.</summary>
internal static class EvaluateCommand
{
    private const int MaxVideoNumber = 100_000;

    public static Command Create()
    {
        Option<string> predictions = new("--pred") { Description = "Folder with a file of predicted phases for each video.", Required = true };
        Option<string> truth = new("--truth") { Description = "Folder with a file of annotated phases for each video.", Required = true };
        Option<string> protocol = new("--protocol") { Description = "strict, relaxed, or relaxed-matlab (as the published script computes it).", DefaultValueFactory = _ => "strict" };
        protocol.AcceptOnlyFromAmong("strict", "relaxed", "relaxed-matlab");
        Option<double> fps = new("--fps") { Description = "Evaluated frames (lines of the predictions) per second.", DefaultValueFactory = _ => 1 };
        Option<string> dataset = new("--dataset") { Description = "Whose phases: cholec80 or autolaparo.", DefaultValueFactory = _ => "cholec80" };
        dataset.AcceptOnlyFromAmong("cholec80", "autolaparo");
        Option<string?> videos = new("--videos") { Description = "Only these videos, for instance 41-80 or 49,51,60-80; default: all, none may be missing." };
        Option<bool> json = new("--json") { Description = "One JSON object a line on standard output, and nothing else there." };
        Command phases = new("phases", "Compares predicted with annotated surgical phases.") { predictions, truth, protocol, fps, dataset, videos, json };
        phases.SetAction(parsed =>
        {
            SurgicalWorkflow workflow = SurgicalWorkflow.Named(parsed.GetRequiredValue(dataset));
            IReadOnlyList<PhasePair> pairs = PhasePairs.Read(
                parsed.GetRequiredValue(predictions), parsed.GetRequiredValue(truth), workflow, parsed.GetValue(videos) is { } chosen ? Numbers(chosen) : null);
            PhaseEvaluation evaluation = PhaseEvaluator.Evaluate(pairs, workflow, ProtocolOf(parsed.GetRequiredValue(protocol)), parsed.GetValue(fps));
            if (parsed.GetValue(json))
            {
                JsonLines.Write(evaluation);
            }
            else
            {
                Terminal.Line(PhaseEvaluationReport.Write(evaluation));
                foreach (PhasePair pair in pairs.Where(p => p.TruthStep > 1))
                {
                    Terminal.Line($"Video {pair.Video}: every {pair.TruthStep}th line of the truth was read.");
                }
            }

            return ExitCode.Success;
        });
        return new Command("evaluate", "Compares answers with the truth, and models with what they should make.")
        {
            phases, EvaluateModalityCommand.Create(), EvaluateMiniCommand.Create(),
        };
    }

    private static PhaseProtocol ProtocolOf(string name) => name switch
    {
        "relaxed" => PhaseProtocol.Relaxed,
        "relaxed-matlab" => PhaseProtocol.RelaxedMatlab,
        _ => PhaseProtocol.Strict,
    };

    private static HashSet<string> Numbers(string text)
    {
        HashSet<string> numbers = [];
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            string[] ends = part.Split('-');
            if (ends.Length > 2 || !ends.All(e => int.TryParse(e, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n <= MaxVideoNumber))
            {
                throw new InvalidInputException("videos", $"Got '{part}'; allowed are numbers and ranges such as 41-80.");
            }

            int first = int.Parse(ends[0], CultureInfo.InvariantCulture);
            int last = int.Parse(ends[^1], CultureInfo.InvariantCulture);
            numbers.UnionWith(Enumerable.Range(first, Math.Max(0, last - first + 1)).Select(n => n.ToString(CultureInfo.InvariantCulture)));
        }

        return numbers;
    }
}
