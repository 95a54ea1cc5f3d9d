namespace MedGen.Phantoms.Endoscopy.Laparoscopy;

/// <summary>What has become of the operating field, and where the camera looks. Shares are 0 to 1.</summary>
internal readonly record struct OperativeState
{
    /// <summary>Share of the gallbladder that omentum still covers.</summary>
    public float Cover { get; init; }

    /// <summary>How far Calot's triangle is dissected.</summary>
    public float Exposure { get; init; }

    /// <summary>Clips on the cystic duct, 0 to 3.</summary>
    public float DuctClips { get; init; }

    /// <summary>Clips on the cystic artery, 0 to 2.</summary>
    public float ArteryClips { get; init; }

    /// <summary>How far the duct is cut through.</summary>
    public float DuctCut { get; init; }

    /// <summary>How far the artery is cut through.</summary>
    public float ArteryCut { get; init; }

    /// <summary>Share of the gallbladder that is off the liver.</summary>
    public float Detachment { get; init; }

    /// <summary>How far the freed gallbladder was moved to where it is packed.</summary>
    public float Drop { get; init; }

    /// <summary>How far the bag is unfolded.</summary>
    public float BagOpen { get; init; }

    /// <summary>How far the gallbladder is in the bag.</summary>
    public float BagFill { get; init; }

    /// <summary>How far the bag is pulled to the abdominal wall.</summary>
    public float Extraction { get; init; }

    /// <summary>Blood in the field.</summary>
    public float Blood { get; init; }

    /// <summary>Rinsing fluid in the field.</summary>
    public float Fluid { get; init; }

    /// <summary>Charring of the dissected surfaces.</summary>
    public float Charring { get; init; }

    /// <summary>Smoke before the lens.</summary>
    public float Smoke { get; init; }

    /// <summary>World point in the middle of the picture.</summary>
    public float CameraX { get; init; }

    /// <summary>World point in the middle of the picture.</summary>
    public float CameraY { get; init; }

    /// <summary>World units from the middle to the border of the picture.</summary>
    public float HalfSide { get; init; }

    /// <summary>Rotation of the camera in radians.</summary>
    public float Roll { get; init; }

    /// <summary>The state between two states.</summary>
    public static OperativeState Mix(in OperativeState a, in OperativeState b, float t) => new()
    {
        Cover = a.Cover + (t * (b.Cover - a.Cover)),
        Exposure = a.Exposure + (t * (b.Exposure - a.Exposure)),
        DuctClips = a.DuctClips + (t * (b.DuctClips - a.DuctClips)),
        ArteryClips = a.ArteryClips + (t * (b.ArteryClips - a.ArteryClips)),
        DuctCut = a.DuctCut + (t * (b.DuctCut - a.DuctCut)),
        ArteryCut = a.ArteryCut + (t * (b.ArteryCut - a.ArteryCut)),
        Detachment = a.Detachment + (t * (b.Detachment - a.Detachment)),
        Drop = a.Drop + (t * (b.Drop - a.Drop)),
        BagOpen = a.BagOpen + (t * (b.BagOpen - a.BagOpen)),
        BagFill = a.BagFill + (t * (b.BagFill - a.BagFill)),
        Extraction = a.Extraction + (t * (b.Extraction - a.Extraction)),
        Blood = a.Blood + (t * (b.Blood - a.Blood)),
        Fluid = a.Fluid + (t * (b.Fluid - a.Fluid)),
        Charring = a.Charring + (t * (b.Charring - a.Charring)),
        Smoke = a.Smoke + (t * (b.Smoke - a.Smoke)),
        CameraX = a.CameraX + (t * (b.CameraX - a.CameraX)),
        CameraY = a.CameraY + (t * (b.CameraY - a.CameraY)),
        HalfSide = a.HalfSide + (t * (b.HalfSide - a.HalfSide)),
        Roll = a.Roll + (t * (b.Roll - a.Roll)),
    };
}
