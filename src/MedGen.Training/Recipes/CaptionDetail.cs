using System.Text.Json.Serialization;

namespace MedGen.Training.Recipes;

/// <summary>Which caption of a clip is shown to the model.</summary>
public enum CaptionDetail
{
    /// <summary>The one-sentence caption.</summary>
    [JsonStringEnumMemberName("brief")]
    Brief,

    /// <summary>The caption of a few sentences.</summary>
    [JsonStringEnumMemberName("detailed")]
    Detailed,

    /// <summary>Either, drawn anew each time.</summary>
    [JsonStringEnumMemberName("mixed")]
    Mixed,
}
