using System.Text.Json.Serialization;

namespace MedGen.Classifiers.Training.SurgicalPhase;

/// <summary>What a video is used for; each is used for one thing.</summary>
public enum PhaseSplit
{
    /// <summary>The networks are fitted on it.</summary>
    [JsonStringEnumMemberName("train")]
    Train,

    /// <summary>Weights, calibration and the price of changes are chosen on it.</summary>
    [JsonStringEnumMemberName("validation")]
    Validation,

    /// <summary>Only evaluated.</summary>
    [JsonStringEnumMemberName("test")]
    Test,
}
