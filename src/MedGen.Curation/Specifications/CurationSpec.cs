using System.ComponentModel.DataAnnotations;

namespace MedGen.Curation.Specifications;

/// <summary>What a curation keeps, as its JSON file says it (snake_case; an unknown key is an error). Docs: docs/curation.md.</summary>
public sealed record CurationSpec
{
    /// <summary>Seed of the split.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How films are looked at in the one pass over all their frames.</summary>
    public ScanSpec Scan { get; init; } = new();

    /// <summary>When two films are the same.</summary>
    public DuplicateSpec Duplicates { get; init; } = new();

    /// <summary>Where one shot ends and the next begins.</summary>
    public ShotSpec Shots { get; init; } = new();

    /// <summary>Which seconds show something medical.</summary>
    public MedicalSpec Medical { get; init; } = new();

    /// <summary>Which seconds belong together.</summary>
    public CoherenceSpec Coherence { get; init; } = new();

    /// <summary>Smallest shorter side of film and clip in px, 16 to 8192. Default 480.</summary>
    [Range(16, 8192)]
    public int MinShortSide { get; init; } = 480;

    /// <summary>Black borders.</summary>
    public BorderSpec Borders { get; init; } = new();

    /// <summary>How clips are cut out.</summary>
    public CutSpec Cut { get; init; } = new();

    /// <summary>Subtitles and other text in the picture.</summary>
    public TextSpec Text { get; init; } = new();

    /// <summary>Technical quality.</summary>
    public QualitySpec Quality { get; init; } = new();

    /// <summary>Networks that score clips, such as DOVER or an aesthetic score; each is a folder with onnx.json. Default: none.</summary>
    public IReadOnlyList<ScorerSpec> Scorers { get; init; } = [];

    /// <summary>Networks that find faces or burned-in identifiers; each is a folder with onnx.json. Default: none.</summary>
    public IReadOnlyList<DetectorSpec> Detectors { get; init; } = [];

    /// <summary>Who writes the captions.</summary>
    public CaptionSpec Captions { get; init; } = new();

    /// <summary>What is written beside the folder of clips. Default: nothing.</summary>
    public CurationFormat Format { get; init; }

    /// <summary>Shares of the clips that are held out; whole source films (or patients), never single clips.</summary>
    public SplitSpec Split { get; init; } = new();
}

/// <summary>The one pass over a film.</summary>
public sealed record ScanSpec
{
    /// <summary>Frames that are looked at in a second, 3 to 30. Cuts are found to this grain. Default 5.</summary>
    [Range(3, 30)]
    public int FramesPerSecond { get; init; } = 5;

    /// <summary>Longer side of these frames in px, 64 to 1024. Default 256.</summary>
    [Range(64, 1024)]
    public int LongSide { get; init; } = 256;

    /// <summary>
    /// Seconds between two looks of the network where the film stays alike, 1 to 30; where two looks differ, or at a cut, the seconds between them
    /// are looked at, too. Default 3.
    /// </summary>
    [Range(1, 30)]
    public int LookSeconds { get; init; } = 3;
}

/// <summary>Films that are the same.</summary>
public sealed record DuplicateSpec
{
    /// <summary>Mean number of the 64 bits of the perceptual hash in which two films of equal length may differ and still be the same, 0 to 32; null:
    /// only equal files are. Default 6.</summary>
    [Range(0.0, 32.0)]
    public double? MaxDistance { get; init; } = 6;
}

/// <summary>Borders of shots, after PySceneDetect's content and threshold detectors.</summary>
public sealed record ShotSpec
{
    /// <summary>Mean change of hue, saturation and value between neighbouring frames, in steps of 255, that is a cut; 1 to 255. Default 27.</summary>
    [Range(1.0, 255.0)]
    public double Content { get; init; } = 27;

    /// <summary>Mean brightness below which a frame is black, 0 to 255. Default 12.</summary>
    [Range(0.0, 255.0)]
    public double Dark { get; init; } = 12;

    /// <summary>Mean brightness above which a frame is white, 0 to 255. Default 243.</summary>
    [Range(0.0, 255.0)]
    public double Bright { get; init; } = 243;

    /// <summary>Change of the mean brightness from frame to frame, in grey levels, that belongs to a fade next to black or white; above 0, at most
    /// 255. Default 2.</summary>
    [Range(0.0, 255.0, MinimumIsExclusive = true)]
    public double FadeStep { get; init; } = 2;
}

/// <summary>Medical content.</summary>
public sealed record MedicalSpec
{
    /// <summary>Smallest probability that a second shows something medical, 0 to 1; 0: the stage only writes it down. Default 0.5.</summary>
    [Range(0.0, 1.0)]
    public double MinProbability { get; init; } = 0.5;

    /// <summary>
    /// Whether shots are dropped of which the modality classifier says that it does not know the modality, which it nearly always says of everyday
    /// pictures, and of medical ones whose kind it was not taught. Default: yes.
    /// </summary>
    public bool DropUnknown { get; init; } = true;

    /// <summary>
    /// Whether films are dropped, without decoding their other frames, of which no keyframe passes both limits. Films with keyframes more than
    /// 12 s apart are always decoded. Default: yes.
    /// </summary>
    public bool KeyframesFirst { get; init; } = true;
}

/// <summary>Runs of like seconds.</summary>
public sealed record CoherenceSpec
{
    /// <summary>
    /// Smallest similarity of the features of neighbouring seconds, -1 to 1. Default 0.95: even pictures of different kinds have 0.88 by the network.
    /// </summary>
    [Range(-1.0, 1.0)]
    public double MinSimilarity { get; init; } = 0.95;

    /// <summary>Shortest clip in s, 1 to 600. Default 6.</summary>
    [Range(1.0, 600.0)]
    public double MinSeconds { get; init; } = 6;

    /// <summary>Longest clip in s, 1 to 3600; what is longer is divided into equal parts. Default 30.</summary>
    [Range(1.0, 3600.0)]
    public double MaxSeconds { get; init; } = 30;
}

/// <summary>Black borders.</summary>
public sealed record BorderSpec
{
    /// <summary>What is done with clips that have one.</summary>
    public BorderAction Action { get; init; }

    /// <summary>Largest share of a side that a border may take without counting, 0 to 0.5. Default 0.04.</summary>
    [Range(0.0, 0.5)]
    public double MaxShare { get; init; } = 0.04;

    /// <summary>Brightness up to which a line is black, 0 to 255. Default 20.</summary>
    [Range(0, 255)]
    public int Black { get; init; } = 20;
}

/// <summary>What becomes of a clip with black borders.</summary>
public enum BorderAction
{
    /// <summary>It is dropped; the manifest says which crop would have helped.</summary>
    Drop,

    /// <summary>It is cropped, which encodes it anew.</summary>
    Crop,

    /// <summary>It stays; the manifest says which crop would help.</summary>
    Keep,
}

/// <summary>Cutting.</summary>
public sealed record CutSpec
{
    /// <summary>How.</summary>
    public CutMode Mode { get; init; }

    /// <summary>With <see cref="CutMode.Auto"/>: seconds that may be lost at the beginning to reach the next keyframe, 0 to 60. Default 1.</summary>
    [Range(0.0, 60.0)]
    public double MaxLoss { get; init; } = 1;
}

/// <summary>How clips are cut.</summary>
public enum CutMode
{
    /// <summary>Copied from keyframe on where that loses little, else encoded.</summary>
    Auto,

    /// <summary>Copied only; where that is not possible the clip is dropped.</summary>
    Copy,

    /// <summary>Always encoded, exactly from the first frame on.</summary>
    Encode,
}

/// <summary>Text in the picture.</summary>
public sealed record TextSpec
{
    /// <summary>Most words that all frames looked at may show together, 0 to 10000. Default 20.</summary>
    [Range(0, 10_000)]
    public int MaxWords { get; init; } = 20;

    /// <summary>Frames looked at, spread evenly, 1 to 8. Default 5.</summary>
    [Range(1, 8)]
    public int Frames { get; init; } = 5;

    /// <summary>Least confidence of a word in percent, 0 to 100. Default 60.</summary>
    [Range(0, 100)]
    public int MinConfidence { get; init; } = 60;

    /// <summary>Language of tesseract's data. Default eng.</summary>
    [Required]
    [RegularExpression("[A-Za-z_+]{1,64}")]
    public string Language { get; init; } = "eng";
}

/// <summary>Limits of technical quality: grey levels of 255, as MedGen.Datasets' ClipQuality measures them. Null: no limit.</summary>
public sealed record QualitySpec
{
    /// <summary>Least sharpness (mean absolute Laplacian of the frames at full size); ultrasound is smooth. Default 0.5.</summary>
    [Range(0.0, 255.0)]
    public double? MinSharpness { get; init; } = 0.5;

    /// <summary>Least mean brightness. Default 16.</summary>
    [Range(0.0, 255.0)]
    public double? MinBrightness { get; init; } = 16;

    /// <summary>Greatest mean brightness. Default 235.</summary>
    [Range(0.0, 255.0)]
    public double? MaxBrightness { get; init; } = 235;

    /// <summary>Greatest share of overexposed pixels, 0 to 1. Default 0.4.</summary>
    [Range(0.0, 1.0)]
    public double? MaxClipped { get; init; } = 0.4;

    /// <summary>Greatest ratio of steps across borders of 8 × 8 blocks to those elsewhere, at least 1. Default 1.6.</summary>
    [Range(1.0, 255.0)]
    public double? MaxBlockiness { get; init; } = 1.6;

    /// <summary>Greatest second difference of the mean brightness between the scan's frames. Default 12.</summary>
    [Range(0.0, 255.0)]
    public double? MaxFlicker { get; init; } = 12;

    /// <summary>Least change between the scan's frames; below it a clip is a still. Default 0.1.</summary>
    [Range(0.0, 255.0)]
    public double? MinMotion { get; init; } = 0.1;

    /// <summary>Greatest change between the scan's frames. Default 40.</summary>
    [Range(0.0, 255.0)]
    public double? MaxMotion { get; init; } = 40;
}

/// <summary>A network that scores clips.</summary>
public sealed record ScorerSpec
{
    /// <summary>Name of the score in the manifest: <c>dover</c> and <c>aesthetic</c> fill MedVideoCap's fields.</summary>
    [Required]
    [RegularExpression("[a-z][a-z0-9_]{0,63}")]
    public required string Name { get; init; }

    /// <summary>Folder with onnx.json, whose first regression is the score; relative to the specification.</summary>
    [Required]
    public required string Folder { get; init; }

    /// <summary>Least score; null: it is written down only.</summary>
    public double? Min { get; init; }
}

/// <summary>A network that finds what must not be kept.</summary>
public sealed record DetectorSpec
{
    /// <summary>Name in the manifest, for instance <c>face</c>.</summary>
    [Required]
    [RegularExpression("[a-z][a-z0-9_]{0,63}")]
    public required string Name { get; init; }

    /// <summary>Folder with onnx.json, whose detections or labels flag a frame; relative to the specification.</summary>
    [Required]
    public required string Folder { get; init; }

    /// <summary>Whether a flagged clip stays, with the flag in its line of the data set; default: it is dropped.</summary>
    public bool Keep { get; init; }
}

/// <summary>Captions.</summary>
public sealed record CaptionSpec
{
    /// <summary>Who writes them.</summary>
    public CaptionType Type { get; init; }

    /// <summary>
    /// With <see cref="CaptionType.Endpoint"/>: base address of an OpenAI-compatible service, for instance http://127.0.0.1:8000/v1.
    /// </summary>
    public Uri? Url { get; init; }

    /// <summary>With <see cref="CaptionType.Endpoint"/>: the vision model's name there.</summary>
    [StringLength(256)]
    public string? Model { get; init; }

    /// <summary>With <see cref="CaptionType.Endpoint"/>: environment variable that holds the key; null: none is sent.</summary>
    [RegularExpression("[A-Za-z_][A-Za-z0-9_]{0,127}")]
    public string? KeyVariable { get; init; }

    /// <summary>Longer side of the frames that are sent, in px, 64 to 2048. Default 512.</summary>
    [Range(64, 2048)]
    public int LongSide { get; init; } = 512;

    /// <summary>Seconds that an answer may take, 1 to 3600. Default 120.</summary>
    [Range(1, 3600)]
    public int TimeoutSeconds { get; init; } = 120;
}

/// <summary>Who writes captions.</summary>
public enum CaptionType
{
    /// <summary>Rules, from the classifier's answer and the film's metadata.</summary>
    Rules,

    /// <summary>A vision model behind an OpenAI-compatible service.</summary>
    Endpoint,
}

/// <summary>The split.</summary>
public sealed record SplitSpec
{
    /// <summary>Share for validation, 0 to 0.5. Default 0.1.</summary>
    [Range(0.0, 0.5)]
    public double Validation { get; init; } = 0.1;

    /// <summary>Share for the test, 0 to 0.5. Default 0.1.</summary>
    [Range(0.0, 0.5)]
    public double Test { get; init; } = 0.1;
}

/// <summary>What is written beside the folder of clips.</summary>
public enum CurationFormat
{
    /// <summary>Nothing.</summary>
    Folder,

    /// <summary>WebDataset tar shards, <c>train-000000.tar</c> and so on.</summary>
    Webdataset,

    /// <summary>Parquet files in <c>data</c>, as Hugging Face's <c>datasets</c> stores videos.</summary>
    Parquet,
}
