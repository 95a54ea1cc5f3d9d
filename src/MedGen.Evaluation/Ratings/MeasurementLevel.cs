namespace MedGen.Evaluation.Ratings;

/// <summary>What numbers that people give mean.</summary>
public enum MeasurementLevel
{
    /// <summary>Names: equal or not.</summary>
    Nominal,

    /// <summary>Ranks: how many answers lie between.</summary>
    Ordinal,

    /// <summary>Distances.</summary>
    Interval,
}
