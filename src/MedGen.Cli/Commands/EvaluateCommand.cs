using System.CommandLine;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen evaluate</c>.</summary>
internal static class EvaluateCommand
{
    public static Command Create() => new("evaluate", "Evaluates classifiers and generating models.")
    {
        EvaluatePhasesCommand.Create(), EvaluateModalityCommand.Create(), EvaluateGenerationCommand.Create(), EvaluateVBenchCommand.Create(),
    };
}
