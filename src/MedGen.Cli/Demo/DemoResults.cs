namespace MedGen.Cli.Demo;

/// <summary>What a demo run found; written to results.json as it stands here.</summary>
internal sealed record DemoResults
{
    /// <summary>Version of the platform.</summary>
    public required string PlatformVersion { get; init; }

    /// <summary>When the run started (UTC).</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>From process start of the host to the last file, in seconds.</summary>
    public required double TotalSeconds { get; init; }

    /// <summary>Time from starting the host to its first answer, in seconds.</summary>
    public required double HostStartSeconds { get; init; }

    /// <summary>The resident model.</summary>
    public required DemoModel Model { get; init; }

    /// <summary>The uploaded clips and the answers about them.</summary>
    public required IReadOnlyList<DemoClassification> Classifications { get; init; }

    /// <summary>The generated clip.</summary>
    public required DemoGeneration Generation { get; init; }
}

/// <summary>The model that generated.</summary>
internal sealed record DemoModel(string Name, string Variant, string Hash, string Device, string DataType, long Parameters, bool IsTrained);

/// <summary>One clip and the answer about it.</summary>
internal sealed record DemoClassification
{
    /// <summary>File name of the clip.</summary>
    public required string File { get; init; }

    /// <summary>DICOM defined term, or <c>unknown</c>.</summary>
    public required string Modality { get; init; }

    /// <summary>Probability of the most probable term, in [0, 1].</summary>
    public required double Probability { get; init; }

    /// <summary>Probability of each term, in [0, 1].</summary>
    public required IReadOnlyDictionary<string, double> Probabilities { get; init; }

    /// <summary>Whether the classifier declined to name a term.</summary>
    public required bool Abstained { get; init; }

    /// <summary>Frames analysed.</summary>
    public required int Frames { get; init; }

    /// <summary>From upload to answer, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Identity of the uploaded bytes.</summary>
    public required string Sha256 { get; init; }
}

/// <summary>The generated clip.</summary>
internal sealed record DemoGeneration
{
    /// <summary>What was asked for.</summary>
    public required string Prompt { get; init; }

    /// <summary>File name beside the report.</summary>
    public required string File { get; init; }

    /// <summary>Seed of the noise.</summary>
    public required long Seed { get; init; }

    /// <summary>Width in px.</summary>
    public required int Width { get; init; }

    /// <summary>Height in px.</summary>
    public required int Height { get; init; }

    /// <summary>Number of frames.</summary>
    public required int Frames { get; init; }

    /// <summary>Frames per second.</summary>
    public required double Fps { get; init; }

    /// <summary>Denoising steps.</summary>
    public required int Steps { get; init; }

    /// <summary>From request to result, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Identity of the provenance record; the file's metadata carries it too.</summary>
    public required string ProvenanceId { get; init; }

    /// <summary>Progress events received.</summary>
    public required int ProgressEvents { get; init; }
}
