namespace MedGen.Evaluation.Experiments;

/// <summary>A class of simulated clips.</summary>
/// <param name="Kind">Kind of the simulator.</param>
/// <param name="Label">Label within the kind.</param>
internal sealed record Concept(string Kind, string Label)
{
    public override string ToString() => $"{Kind}: {Label}";
}
