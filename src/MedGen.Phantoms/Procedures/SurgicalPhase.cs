namespace MedGen.Phantoms.Procedures;

/// <summary>The seven phases of Cholec80 (Twinanda et al., EndoNet, IEEE TMI 2017), zero-based, with the names of its annotation files.</summary>
public enum SurgicalPhase
{
    /// <summary>Trocars and graspers are placed, adhesions freed, the gallbladder is grasped.</summary>
    Preparation,

    /// <summary>The cystic duct and artery are dissected free.</summary>
    CalotTriangleDissection,

    /// <summary>Duct and artery are clipped and cut.</summary>
    ClippingCutting,

    /// <summary>The gallbladder is dissected off the liver bed.</summary>
    GallbladderDissection,

    /// <summary>The gallbladder is put into the specimen bag.</summary>
    GallbladderPackaging,

    /// <summary>The bed is rinsed, blood is sucked off, bleeding is coagulated.</summary>
    CleaningCoagulation,

    /// <summary>The bag is pulled out through a trocar wound.</summary>
    GallbladderRetraction,
}
