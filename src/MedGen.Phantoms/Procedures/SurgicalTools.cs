namespace MedGen.Phantoms.Procedures;

/// <summary>A set of Cholec80's seven instruments, in the order of its annotation files.</summary>
[Flags]
public enum SurgicalTools
{
    /// <summary>No instrument in view.</summary>
    None = 0,

    /// <summary>Grasping forceps.</summary>
    Grasper = 1,

    /// <summary>Bipolar forceps.</summary>
    Bipolar = 2,

    /// <summary>Monopolar hook.</summary>
    Hook = 4,

    /// <summary>Scissors.</summary>
    Scissors = 8,

    /// <summary>Clip applier.</summary>
    Clipper = 16,

    /// <summary>Suction and irrigation tube.</summary>
    Irrigator = 32,

    /// <summary>Specimen bag.</summary>
    SpecimenBag = 64,
}
