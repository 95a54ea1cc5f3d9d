namespace MedGen.Phantoms.Anatomy;

/// <summary>Tissues of the head.</summary>
internal enum HeadTissue
{
    Air,
    Scalp,
    Muscle,
    CorticalBone,
    Marrow,
    Fluid,
    GreyMatter,
    WhiteMatter,
    DeepGrey,
    Lesion,
    Eye,
    Blood,
}
