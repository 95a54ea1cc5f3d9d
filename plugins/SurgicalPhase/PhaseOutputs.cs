using MedGen.Sdk.Analysis;
using MedGen.Sdk.Parameters;

namespace MedGen.Plugins.SurgicalPhase;

/// <summary>What the plugin says of an operation: the phase, and what the workflow makes of it.</summary>
internal static class PhaseOutputs
{
    /// <summary>The phase of each second, of each part of the film, and of the film.</summary>
    public const string Phase = "phase";

    /// <summary>A phase that the workflow does not have after the one before.</summary>
    public const string Unexpected = "unexpected";

    /// <summary>Phases that the film does not have.</summary>
    public const string Missing = "missing";

    /// <summary>Phases that come back after another one.</summary>
    public const string Repeated = "repeated";

    /// <summary>Parts of the film in which no phase is probable.</summary>
    public const string Doubtful = "doubtful";

    public static AnalyzerDescription Describe(string task, IReadOnlyList<string> phases, string weightsPath, string hash)
    {
        IReadOnlyList<OutputLabel> labels = OutputLabel.Of(phases);
        return new AnalyzerDescription
        {
            Task = task,
            Summary = "Names the phase of a laparoscopic cholecystectomy second by second, live or of a stored film, and tells of transitions.",
            Inputs = [new AnalyzerInput { Description = "The film of the laparoscope." }],
            Outputs =
            [
                new AnalyzerOutput
                {
                    Name = Phase,
                    Description = "The phase: of each second, of each part of the film, and of the film.",
                    Kind = OutputKind.Labels,
                    Labels = labels,
                    Exclusive = true,
                    AbstentionLabel = PhaseClassifier.NoPicture,
                },
                Labels(Unexpected, "A phase that the workflow does not have after the one before: of the transition, and of the part."),
                Labels(Missing, "Phases that the film does not have."),
                Labels(Repeated, "Phases that come back after another one."),
                new AnalyzerOutput
                {
                    Name = Doubtful,
                    Description = "Parts in which no phase is probable: the least value of the largest probability.",
                    Kind = OutputKind.Measurement,
                    Unit = "1",
                    Minimum = 0,
                    Maximum = 1,
                },
            ],
            ParametersSchema = ParameterSchema.Of<PhaseParameters>(),
            Weights = [new WeightsDescription { Name = Path.GetFileName(weightsPath), Sha256 = hash, Bytes = new FileInfo(weightsPath).Length }],
            IntendedUse = "Review and research of recorded and running operations. Not for decisions during an operation.",
        };

        AnalyzerOutput Labels(string name, string description) =>
            new() { Name = name, Description = description, Kind = OutputKind.Labels, Labels = labels };
    }

    /// <summary>A committed change of phase, decided at a frame.</summary>
    public static IReadOnlyList<Finding> Findings(PhaseChange change, IReadOnlyList<string> phases, long frameIndex, TimeSpan time)
    {
        FindingScope scope = FindingScope.Frame(frameIndex, time);
        TransitionFinding transition = new()
        {
            Output = Phase,
            Scope = scope,
            From = phases[change.From],
            To = phases[change.To],
            Onset = TimeSpan.FromSeconds(change.Onset),
            Confidence = change.Confidence,
        };
        return change.IsLegal
            ? [transition]
            : [transition, new LabelFinding { Output = Unexpected, Scope = scope, Labels = [phases[change.To]] }];
    }
}
