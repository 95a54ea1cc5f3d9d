namespace MedGen.Evaluation.VBench.Networks;

/// <summary>A place for a network that somebody else has trained, and what it must take and give. The numbers are float32.</summary>
public sealed record NetworkSlot
{
    /// <summary>DINO ViT-B/16 for subject consistency.</summary>
    public static NetworkSlot Subject { get; } = new()
    {
        Name = "subject",
        Dimension = "subject consistency",
        Upstream = "DINO ViT-B/16",
        Input = "[1, 3, H, W]: the shorter side scaled to 224 px (bilinear without antialiasing), mean and deviation of ImageNet",
        Output = "[1, features]",
    };

    /// <summary>CLIP ViT-B/32 for background consistency.</summary>
    public static NetworkSlot Background { get; } = new()
    {
        Name = "background",
        Dimension = "background consistency",
        Upstream = "CLIP ViT-B/32",
        Input = "[1, 3, 224, 224]: the shorter side scaled to 224 px (bicubic without antialiasing), the middle cut out, CLIP's mean and deviation",
        Output = "[1, features]",
    };

    /// <summary>AMT-S for motion smoothness.</summary>
    public static NetworkSlot Motion { get; } = new()
    {
        Name = "motion",
        Dimension = "motion smoothness",
        Upstream = "AMT-S",
        Input = "two of [1, 3, H, W] in 0 to 1, the edges repeated to multiples of 16; time 0.5 is part of the network",
        Output = "[1, 3, H, W] in 0 to 1",
        Inputs = 2,
    };

    /// <summary>MUSIQ, trained on SPAQ, for imaging quality.</summary>
    public static NetworkSlot Imaging { get; } = new()
    {
        Name = "imaging",
        Dimension = "imaging quality",
        Upstream = "MUSIQ",
        Input = "[1, 3, H, W] in 0 to 1, scaled to 512 px (bilinear without antialiasing) where the longer side is more",
        Output = "[1] or [1, 1], 0 to 100",
    };

    /// <summary>RAFT for dynamic degree.</summary>
    public static NetworkSlot Flow { get; } = new()
    {
        Name = "flow",
        Dimension = "dynamic degree",
        Upstream = "RAFT",
        Input = "two of [1, 3, H, W] in 0 to 255, the edges repeated to multiples of 8",
        Output = "[1, 2, H, W], px",
        Inputs = 2,
    };

    /// <summary>All slots, in the order of the report.</summary>
    public static IReadOnlyList<NetworkSlot> All { get; } = [Imaging, Subject, Background, Motion, Flow];

    /// <summary>Name on the command line and in <c>network.json</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The dimension that it measures.</summary>
    public required string Dimension { get; init; }

    /// <summary>What VBench calls its network; a <c>network.json</c> must say the same for its figures to bear the dimension's name.</summary>
    public required string Upstream { get; init; }

    /// <summary>What it is given, in the order of the ONNX file's inputs.</summary>
    public required string Input { get; init; }

    /// <summary>What its first output is.</summary>
    public required string Output { get; init; }

    /// <summary>How many inputs it has.</summary>
    public int Inputs { get; init; } = 1;
}
