namespace MedGen.Phantoms.Procedures;

/// <summary>One activity with the instruments in view while it lasts.</summary>
public sealed record ActivityInterval
{
    /// <summary>The activity.</summary>
    public required SurgicalActivity Activity { get; init; }

    /// <summary>First second.</summary>
    public required int StartSecond { get; init; }

    /// <summary>First second after it.</summary>
    public required int EndSecond { get; init; }

    /// <summary>Instruments in view.</summary>
    public required SurgicalTools Tools { get; init; }

    /// <summary>Whether the camera is out of the body or in the trocar during the whole interval; <see cref="Tools"/> is empty then.</summary>
    public bool IsOutOfBody { get; init; }
}
