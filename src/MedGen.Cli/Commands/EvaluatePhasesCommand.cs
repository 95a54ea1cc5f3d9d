using System.CommandLine;
using System.Globalization;
using MedGen.Sdk.Errors;
using MedGen.Cli.Output;
using MedGen.Classifiers.Training.SurgicalPhase;
using MedGen.Classifiers.Training.SurgicalPhase.Evaluation;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen evaluate phases</c>: compares predicted with annotated surgical phases.</summary>
internal static class EvaluatePhasesCommand
{
    private const int MaxVideoNumber = 100_000;

    public static Command Create()
    {
        Option<string> predictions = new("--pred") { Description = "Folder of predicted phases, one file per video.", Required = true };
        Option<string> truth = new("--truth") { Description = "Folder of annotated phases, one file per video.", Required = true };
        Option<string> protocol = new("--protocol")
        {
            Description = "strict, relaxed, or relaxed-matlab (as the published script computes it).",
            DefaultValueFactory = _ => "strict",
        };
        protocol.AcceptOnlyFromAmong("strict", "relaxed", "relaxed-matlab");
        Option<double> fps = new("--fps") { Description = "Evaluated frames (lines of the predictions) per second.", DefaultValueFactory = _ => 1 };
        Option<string> dataset = new("--dataset") { Description = "Set of phases: cholec80 or autolaparo.", DefaultValueFactory = _ => "cholec80" };
        dataset.AcceptOnlyFromAmong("cholec80", "autolaparo");
        Option<string?> videos =
            new("--videos") { Description = "Only these videos, for instance 41-80 or 49,51,60-80, none of which may be missing; default: all." };
        Option<bool> json = JsonOption.Create();
        Command phases = new(
            "phases", "Compares predicted with annotated surgical phases.") { predictions, truth, protocol, fps, dataset, videos, json };
        phases.SetAction(parsed =>
        {
            SurgicalWorkflow workflow = SurgicalWorkflow.Named(parsed.GetRequiredValue(dataset));
            IReadOnlyList<PhasePair> pairs = PhasePairs.Read(
                parsed.GetRequiredValue(predictions), parsed.GetRequiredValue(truth), workflow, parsed.GetValue(videos) is { } chosen
                    ? Numbers(chosen)
                    : null);
            PhaseEvaluation evaluation = PhaseEvaluator.Evaluate(
                pairs, workflow, ProtocolOf(parsed.GetRequiredValue(protocol)), parsed.GetValue(fps));
            if (parsed.GetValue(json))
            {
                JsonLines.Write(evaluation);
            }
            else
            {
                Terminal.Line(PhaseEvaluationReport.Of(evaluation).ToMarkdown());
                foreach (PhasePair pair in pairs.Where(p => p.TruthStep > 1))
                {
                    Terminal.Line($"Video {pair.Video}: every {pair.TruthStep}th line of the truth was read.");
                }
            }

            return ExitCode.Success;
        });
        return phases;
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
                throw new InvalidInputException("videos", $"Got '{part}'; allowed: numbers and ranges such as 41-80.");
            }

            int first = int.Parse(ends[0], CultureInfo.InvariantCulture);
            int last = int.Parse(ends[^1], CultureInfo.InvariantCulture);
            numbers.UnionWith(Enumerable.Range(first, Math.Max(0, last - first + 1)).Select(n => n.ToString(CultureInfo.InvariantCulture)));
        }

        return numbers;
    }
}
