using System.Globalization;
using MedGen.Sdk.Errors;

namespace MedGen.Classifiers.Training.SurgicalPhase;

/// <summary>The phases of a kind of operation, how label files spell them, and which phase may follow which.</summary>
public sealed record SurgicalWorkflow
{
    /// <summary>
    /// Cholec80 (Twinanda et al. 2017): cholecystectomy, ids from 0 in files with ids. The transitions are those that its annotations show.
    /// </summary>
    public static SurgicalWorkflow Cholec80 { get; } = new()
    {
        Name = "cholec80",
        Phases =
        [
            "Preparation", "CalotTriangleDissection", "ClippingCutting", "GallbladderDissection", "GallbladderPackaging", "CleaningCoagulation",
            "GallbladderRetraction",
        ],
        FirstId = 0,
        Transitions = [(0, 1), (1, 2), (2, 3), (3, 4), (3, 5), (4, 5), (5, 4), (4, 6), (5, 6), (6, 5)],
    };

    /// <summary>
    /// AutoLaparo (Wang et al. 2022): laparoscopic hysterectomy, ids from 1. No transitions are published; a trainer takes those of its training
    /// videos.
    /// </summary>
    public static SurgicalWorkflow AutoLaparo { get; } = new()
    {
        Name = "autolaparo",
        Phases =
        [
            "Preparation", "DividingLigamentAndPeritoneum", "DividingUterineVesselsAndLigament", "TransectingTheVagina", "SpecimenRemoval",
            "Suturing",
            "Washing",
        ],
        FirstId = 1,
        Transitions = [],
    };

    /// <summary>Name of the data set that defines it, lower case.</summary>
    public required string Name { get; init; }

    /// <summary>Phase names in the order of their ids.</summary>
    public required IReadOnlyList<string> Phases { get; init; }

    /// <summary>Id of the first phase in files that hold ids: 0 or 1.</summary>
    public required int FirstId { get; init; }

    /// <summary>Changes of phase that the workflow knows, as positions in <see cref="Phases"/>.</summary>
    public required IReadOnlyList<(int From, int To)> Transitions { get; init; }

    /// <summary>Finds a workflow by its name.</summary>
    /// <param name="name">cholec80 or autolaparo.</param>
    /// <returns>The workflow.</returns>
    /// <exception cref="InvalidInputException">There is none of that name.</exception>
    public static SurgicalWorkflow Named(string name) => name switch
    {
        "cholec80" => Cholec80,
        "autolaparo" => AutoLaparo,
        _ => throw new InvalidInputException("dataset", $"got '{name}'; allowed: cholec80, autolaparo."),
    };

    /// <summary>Reads a phase as files spell it: its id, or its name whatever its case, blanks, hyphens and underscores.</summary>
    /// <param name="text">The spelling.</param>
    /// <returns>Position in <see cref="Phases"/>; null: no phase is spelled so.</returns>
    public int? Find(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int id))
        {
            return id - FirstId is int position && position >= 0 && position < Phases.Count ? position : null;
        }

        string wanted = Plain(text);
        for (int i = 0; i < Phases.Count; i++)
        {
            if (Plain(Phases[i]) == wanted)
            {
                return i;
            }
        }

        return null;
    }

    private static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToUpperInvariant();
}
