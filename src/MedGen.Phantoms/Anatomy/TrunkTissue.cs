namespace MedGen.Phantoms.Anatomy;

/// <summary>Hounsfield units of what is everywhere in the trunk.</summary>
internal static class TrunkTissue
{
    /// <summary>Fat.</summary>
    public const float Fat = -100;

    /// <summary>Muscle.</summary>
    public const float Muscle = 55;
}
