using MedGen.Sdk.Errors;

namespace MedGen.Phantoms.Procedures;

/// <summary>How procedures are drawn.</summary>
public sealed record CholecystectomyOptions
{
    /// <summary>Range from which anatomy, colours, light and camera are drawn, default <see cref="AppearanceRange.Train"/>.</summary>
    public AppearanceRange Appearance { get; init; } = AppearanceRange.Train;

    /// <summary>
    /// Factor on the durations of all phases, 0.02 to 5, default 1: about 40 min a procedure. Below 1 gives short procedures for tests.
    /// </summary>
    public double DurationScale { get; init; } = 1;

    /// <summary>
    /// Probability that clipping falls back to Calot dissection, and that gallbladder dissection falls back to clipping; 0 to 1, default 0.05.
    /// </summary>
    public double ReturnProbability { get; init; } = 0.05;

    /// <summary>Probability that the recording lacks the preparation, and that it stops before the retraction; 0 to 1, default 0.04.</summary>
    public double SkipProbability { get; init; } = 0.04;

    /// <summary>Mean number of times that the camera leaves the body in 40 min, 0 to 20, default 1.5; 10 to 40 s each.</summary>
    public double OutOfBodyCount { get; init; } = 1.5;

    internal void Validate()
    {
        List<FieldViolation> violations = [];
        Check(violations, "duration_scale", DurationScale, 0.02, 5);
        Check(violations, "return_probability", ReturnProbability, 0, 1);
        Check(violations, "skip_probability", SkipProbability, 0, 1);
        Check(violations, "out_of_body_count", OutOfBodyCount, 0, 20);
        if (violations.Count > 0)
        {
            throw new InvalidInputException(violations);
        }
    }

    private static void Check(List<FieldViolation> violations, string field, double value, double minimum, double maximum)
    {
        if (!(value >= minimum && value <= maximum))
        {
            violations.Add(new FieldViolation(field, FormattableString.Invariant($"must be {minimum} to {maximum}, got {value}.")));
        }
    }
}
