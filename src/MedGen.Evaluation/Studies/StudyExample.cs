namespace MedGen.Evaluation.Studies;

/// <summary>A clip as the classifier sees it.</summary>
/// <param name="Class">Its class.</param>
/// <param name="Patient">Its patient, or its own name; for a made clip empty.</param>
/// <param name="DependsOn">Patients whose clips it was made from.</param>
/// <param name="Features">Its features.</param>
/// <param name="File">Its file, a whole path.</param>
internal sealed record StudyExample(string Class, string Patient, IReadOnlyList<string> DependsOn, double[] Features, string File = "")
{
    /// <summary>Its number, where the outcome is one.</summary>
    public double Number { get; init; } = double.NaN;

    /// <summary>Every patient whose recordings are in it.</summary>
    public IReadOnlyList<string> Patients => Patient.Length > 0 ? [Patient] : DependsOn;
}
