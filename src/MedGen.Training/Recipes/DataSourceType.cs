using System.Text.Json.Serialization;

namespace MedGen.Training.Recipes;

/// <summary>Kinds of data sources.</summary>
public enum DataSourceType
{
    /// <summary>Simulated clips with exact captions.</summary>
    [JsonStringEnumMemberName("phantoms")]
    Phantoms,

    /// <summary>A folder with manifest.csv (path, modality_code, kind, frames, shows, group_id).</summary>
    [JsonStringEnumMemberName("clips")]
    Clips,

    /// <summary>A user's folder: a folder for each class, or metadata.csv or metadata.jsonl.</summary>
    [JsonStringEnumMemberName("folder")]
    Folder,
}
