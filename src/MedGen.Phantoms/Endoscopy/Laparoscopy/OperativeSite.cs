namespace MedGen.Phantoms.Endoscopy.Laparoscopy;

/// <summary>Where the instruments work.</summary>
internal enum OperativeSite
{
    /// <summary>Omentum and adhesions before the gallbladder.</summary>
    Adhesions,

    /// <summary>Cystic duct and artery.</summary>
    CalotTriangle,

    /// <summary>Border between gallbladder and liver.</summary>
    LiverBed,

    /// <summary>Where the gallbladder is packed.</summary>
    Packaging,

    /// <summary>The trocar in the abdominal wall.</summary>
    AbdominalWall,
}
