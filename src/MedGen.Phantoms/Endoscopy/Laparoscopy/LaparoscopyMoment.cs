using MedGen.Phantoms.Procedures;

namespace MedGen.Phantoms.Endoscopy.Laparoscopy;

/// <summary>Everything that one picture of a laparoscopy depends on, besides the appearance.</summary>
internal readonly record struct LaparoscopyMoment
{
    /// <summary>Time in s; instruments and organs move with it.</summary>
    public required float Second { get; init; }

    /// <summary>State of the operating field and camera.</summary>
    public required OperativeState State { get; init; }

    /// <summary>What is done.</summary>
    public required SurgicalActivity Activity { get; init; }

    /// <summary>Which site is worked at.</summary>
    public required OperativeSite Site { get; init; }

    /// <summary>Instruments in view.</summary>
    public required SurgicalTools Tools { get; init; }

    /// <summary>How far the instruments have come into view, 0 to 1.</summary>
    public float Reach { get; init; }

    /// <summary>Seed of the sensor's noise.</summary>
    public int NoiseSeed { get; init; }
}
