namespace MedGen.Phantoms.Procedures;

/// <summary>What is stated about laparoscopic cholecystectomy: legal transitions and how long phases take.</summary>
public static class CholecystectomyWorkflow
{
    /// <summary>Number of phases.</summary>
    public const int PhaseCount = 7;

    /// <summary>Number of instruments.</summary>
    public const int ToolCount = 7;

    // Mean and standard deviation in s of the phases of Cholec80, as EndoNet (Twinanda et al. 2017) tabulates them.
    private static readonly (double Mean, double Deviation)[] Durations =
    [
        (125, 95), (954, 538), (168, 152), (857, 551), (98, 53), (178, 166), (83, 56),
    ];

    /// <summary>The legal transitions of Cholec80: 0→1→2→3, 3→4, 3→5, 4↔5, 4→6, 5↔6.</summary>
    public static IReadOnlyList<(SurgicalPhase From, SurgicalPhase To)> LegalTransitions { get; } =
    [
        (SurgicalPhase.Preparation, SurgicalPhase.CalotTriangleDissection),
        (SurgicalPhase.CalotTriangleDissection, SurgicalPhase.ClippingCutting),
        (SurgicalPhase.ClippingCutting, SurgicalPhase.GallbladderDissection),
        (SurgicalPhase.GallbladderDissection, SurgicalPhase.GallbladderPackaging),
        (SurgicalPhase.GallbladderDissection, SurgicalPhase.CleaningCoagulation),
        (SurgicalPhase.GallbladderPackaging, SurgicalPhase.CleaningCoagulation),
        (SurgicalPhase.CleaningCoagulation, SurgicalPhase.GallbladderPackaging),
        (SurgicalPhase.GallbladderPackaging, SurgicalPhase.GallbladderRetraction),
        (SurgicalPhase.CleaningCoagulation, SurgicalPhase.GallbladderRetraction),
        (SurgicalPhase.GallbladderRetraction, SurgicalPhase.CleaningCoagulation),
    ];

    /// <summary>Instruments in the order of Cholec80's annotation files.</summary>
    public static IReadOnlyList<SurgicalTools> Tools { get; } =
    [
        SurgicalTools.Grasper, SurgicalTools.Bipolar, SurgicalTools.Hook, SurgicalTools.Scissors,
        SurgicalTools.Clipper, SurgicalTools.Irrigator, SurgicalTools.SpecimenBag,
    ];

    /// <summary>Whether the workflow graph has the transition.</summary>
    /// <param name="from">Phase that ends.</param>
    /// <param name="to">Phase that begins.</param>
    /// <returns>True if it has.</returns>
    public static bool IsLegal(SurgicalPhase from, SurgicalPhase to) => LegalTransitions.Contains((from, to));

    /// <summary>Mean duration of a phase in Cholec80 in s.</summary>
    /// <param name="phase">The phase.</param>
    /// <returns>Seconds.</returns>
    public static double MeanSeconds(SurgicalPhase phase) => Durations[(int)phase].Mean;

    /// <summary>Standard deviation of a phase's duration in Cholec80 in s.</summary>
    /// <param name="phase">The phase.</param>
    /// <returns>Seconds.</returns>
    public static double DeviationSeconds(SurgicalPhase phase) => Durations[(int)phase].Deviation;
}
