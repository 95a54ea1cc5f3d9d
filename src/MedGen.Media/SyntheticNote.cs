using System.Text.RegularExpressions;
using MedGen.Sdk.Errors;

namespace MedGen.Media;

/// <summary>The sentence that every file made by the platform carries in its metadata.</summary>
public static partial class SyntheticNote
{
    /// <summary>What the provenance ids of simulated frames start with: no model made them, and their note says so.</summary>
    public const string SimulatedPrefix = "phantom:";

    /// <summary>What the provenance ids of altered recordings start with: a patient is still in them, and their note says so.</summary>
    public const string AlteredPrefix = "altered:";

    /// <summary>Builds the note.</summary>
    /// <param name="provenanceId">
    /// 1 to 128 letters, digits and <c>. _ : -</c>; one with <see cref="SimulatedPrefix"/> is of simulated frames, one with
    /// <see cref="AlteredPrefix"/> of altered recordings.
    /// </param>
    /// <returns>One line of ASCII text.</returns>
    /// <exception cref="InvalidInputException">The id has other characters or another length.</exception>
    public static string For(string provenanceId)
    {
        ArgumentNullException.ThrowIfNull(provenanceId);
        return Allowed().IsMatch(provenanceId)
            ? $"synthetic: {Made(provenanceId)}; provenance={provenanceId}"
            : throw new InvalidInputException(
                "provenance_id", $"{provenanceId.Length} characters got; 1 to 128 letters, digits and . _ : - are allowed.");
    }

    private static string Made(string provenanceId) =>
        provenanceId.StartsWith(AlteredPrefix, StringComparison.Ordinal) ? "an altered recording of a patient, not the recording itself"
        : provenanceId.StartsWith(SimulatedPrefix, StringComparison.Ordinal) ? "made by a simulator, not a recording of a patient"
        : "made by a generative model, not a recording of a patient";

    [GeneratedRegex(@"\A[A-Za-z0-9._:-]{1,128}\z")]
    private static partial Regex Allowed();
}
