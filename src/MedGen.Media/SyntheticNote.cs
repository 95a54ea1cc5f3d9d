using System.Runtime.CompilerServices;
using System.Text;
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

    /// <summary>Looks for the note in a file: it stands there as plain text, whatever the container.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Stops the look.</param>
    /// <returns>The provenance id of the note; null: there is none.</returns>
    public static async Task<string?> FindAsync(string path, CancellationToken cancellationToken)
    {
        const int Longest = 512;
        byte[] window = new byte[(1 << 20) + Longest];
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0,
            FileOptions.Asynchronous | FileOptions.SequentialScan);
        await using ConfiguredAsyncDisposable fileDisposal = file.ConfigureAwait(false);
        int kept = 0;
        int read;
        while ((read = await file.ReadAtLeastAsync(window.AsMemory(kept), 1, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false)) > 0)
        {
            int length = kept + read;
            if (Written().Match(Encoding.Latin1.GetString(window, 0, length)) is { Success: true } note && note.Index + note.Length < length)
            {
                return note.Groups[1].Value;
            }

            kept = Math.Min(Longest, length);
            window.AsSpan(length - kept, kept).CopyTo(window);
        }

        return Written().Match(Encoding.Latin1.GetString(window, 0, kept)) is { Success: true } last ? last.Groups[1].Value : null;
    }

    private static string Made(string provenanceId) =>
        provenanceId.StartsWith(AlteredPrefix, StringComparison.Ordinal) ? "an altered recording of a patient, not the recording itself"
        : provenanceId.StartsWith(SimulatedPrefix, StringComparison.Ordinal) ? "made by a simulator, not a recording of a patient"
        : "made by a generative model, not a recording of a patient";

    [GeneratedRegex(@"synthetic: [a-z ,]{1,80}; provenance=([A-Za-z0-9._:-]{1,128})")]
    private static partial Regex Written();

    [GeneratedRegex(@"\A[A-Za-z0-9._:-]{1,128}\z")]
    private static partial Regex Allowed();
}
