using MedGen.Application.Augmentation;
using MedGen.Datasets.Augmentation;

namespace MedGen.WebConsole.Augmentation;

/// <summary>What somebody has filled in to enlarge a data set; a browser's tab keeps it, sealed by the host: jobs do not give it back.</summary>
public sealed record AugmentationForm
{
    /// <summary>A specification to begin with: a few altered clips for each class.</summary>
    private const string Start = """
        {
          "labels": { "type": "single" },
          "clip": { "width": 128, "height": 128, "num_frames": 17, "frames_per_second": 8 },
          "balance": { "add_per_class": 4 },
          "methods": [
            { "type": "classic" }
          ]
        }
        """;

    /// <summary>Where the data set comes from.</summary>
    public DatasetChoice Choice { get; set; }

    /// <summary>The archive; null: none yet.</summary>
    public string? ArtifactId { get; set; }

    /// <summary>The folder to read.</summary>
    public string DataFolder { get; set; } = "";

    /// <summary>The folder to write.</summary>
    public string OutputFolder { get; set; } = "";

    /// <summary>What may be in it.</summary>
    public OutputMode Mode { get; set; }

    /// <summary>Id of the plugin that makes the clips; empty: the host's choice.</summary>
    public string PluginId { get; set; } = "";

    /// <summary>The specification as JSON.</summary>
    public string Spec { get; set; } = Start;

    /// <summary>The message that looks at it.</summary>
    /// <returns>The message.</returns>
    public CheckAugmentation ToCheck() => new() { DatasetArtifactId = Archive, DataFolder = Folder(DataFolder), PluginId = Plugin, Spec = Spec };

    /// <summary>The message that asks for it.</summary>
    /// <returns>The message.</returns>
    public AugmentDataset ToMessage() => new()
    {
        DatasetArtifactId = Archive,
        DataFolder = Folder(DataFolder),
        OutputFolder = Folder(OutputFolder),
        Mode = Choice == DatasetChoice.Folder ? Mode : OutputMode.New,
        PluginId = Plugin,
        Spec = Spec,
    };

    private string? Archive => Choice == DatasetChoice.Folder ? null : ArtifactId;

    private string? Plugin => PluginId.Length > 0 ? PluginId : null;

    private string? Folder(string path) => Choice == DatasetChoice.Folder && path.Trim() is { Length: > 0 } given ? given : null;
}
