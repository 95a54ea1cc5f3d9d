namespace MedGen.Evaluation.Studies;

/// <summary>What one training of an arm answers to one test clip.</summary>
/// <param name="Arm">The arm.</param>
/// <param name="Fraction">Share of the training patients.</param>
/// <param name="Seed">The training, from 0.</param>
/// <param name="Patient">Patient of the clip, or its file where none is stated.</param>
/// <param name="Truth">Its class, or its number.</param>
/// <param name="Answer">Probability of each class of the study, in its order; or the number that is answered, alone.</param>
public sealed record StudyPrediction(string Arm, double Fraction, int Seed, string Patient, string Truth, IReadOnlyList<double> Answer)
{
    /// <summary>Where the clip is from: "test", or "external" for one of another source.</summary>
    public string Set { get; init; } = "test";
}
