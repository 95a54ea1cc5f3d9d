using System.Globalization;
using System.Text;
using System.Text.Json;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Files;
using MedGen.Media;
using MedGen.Phantoms;

namespace MedGen.Training.Simulation;

/// <summary>
/// Writes a data set of simulated clips as a Hugging Face VideoFolder: <c>train/</c>, <c>validation/</c>, <c>test/</c> and <c>metadata.csv</c> with
/// file_name, caption, detailed_caption, label, split, patient_id, modality, kind, seed and truth (a JSON object).
/// </summary>
/// <param name="writer">Writes videos.</param>
public sealed class PhantomDatasetWriter(IVideoWriter writer)
{
    private const string Header = "file_name,caption,detailed_caption,label,split,patient_id,modality,kind,seed,truth";
    private readonly PhantomClipWriter _clips = new(writer);

    /// <summary>
    /// Writes what is missing: a second run with the same specification goes on after an interruption. Clips are written side by side.
    /// </summary>
    /// <param name="specFile">The specification, a JSON file: <see cref="PhantomDatasetSpec"/>.</param>
    /// <param name="folder">Where to write; what another specification left there is refused.</param>
    /// <param name="progress">Told of the clips done and all clips; null if nobody listens.</param>
    /// <param name="cancellationToken">Stops between frames; finished clips stay.</param>
    /// <returns>The number of clips of the data set.</returns>
    /// <exception cref="InvalidInputException">The specification is wrong, or the folder holds another data set.</exception>
    public async Task<int> WriteAsync(string specFile, string folder, Action<int, int>? progress, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(specFile);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        IReadOnlyList<PhantomDatasetClip> clips = PhantomDatasetPlan.List(PhantomDatasetPlan.Read(specFile));
        await ClaimAsync(folder, await File.ReadAllTextAsync(specFile, cancellationToken).ConfigureAwait(false), cancellationToken)
            .ConfigureAwait(false);
        foreach (string split in clips.Select(c => c.Split).Distinct())
        {
            Directory.CreateDirectory(Path.Combine(folder, split));
        }

        int done = 0;
        await Parallel.ForEachAsync(clips, cancellationToken, async (clip, token) =>
        {
            string path = Path.Combine(folder, clip.FileName);
            if (!File.Exists(path))
            {
                await _clips.WriteAsync(path, clip.Phantom, clip.Request, token).ConfigureAwait(false);
            }

            progress?.Invoke(Interlocked.Increment(ref done), clips.Count);
        }).ConfigureAwait(false);
        WriteTable(Path.Combine(folder, "metadata.csv"), clips, cancellationToken);
        return clips.Count;
    }

    // The specification lies beside its clips: it says what the data set is, and tells a continued run from another data set.
    private static async Task ClaimAsync(string folder, string spec, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        string own = Path.Combine(folder, "spec.json");
        if (File.Exists(own))
        {
            if (await File.ReadAllTextAsync(own, cancellationToken).ConfigureAwait(false) != spec)
            {
                throw new InvalidInputException(
                    "out",
                    $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(folder))} holds the data set of another specification; another folder is "
                        + "needed.");
            }
        }
        else if (Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new InvalidInputException(
                "out", $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(folder))} is not empty; a missing or empty folder is needed.");
        }
        else
        {
            WholeFile.Write(own, spec);
        }
    }

    private static void WriteTable(string path, IReadOnlyList<PhantomDatasetClip> clips, CancellationToken cancellationToken)
    {
        var text = new StringBuilder(Header).Append('\n');
        foreach (PhantomDatasetClip clip in clips)
        {
            cancellationToken.ThrowIfCancellationRequested();
            PhantomClip simulated = clip.Phantom.Simulate(clip.Request);
            string seed = clip.Request.Seed.ToString(CultureInfo.InvariantCulture);
            string[] cells =
            [
                clip.FileName, simulated.BriefCaption, simulated.DetailedCaption, simulated.Truth.Label, clip.Split, $"{clip.Phantom.Kind}-{seed}",
                simulated.Truth.Modality, clip.Phantom.Kind, seed, JsonSerializer.Serialize(simulated.Truth.Values),
            ];
            text.AppendJoin(',', cells.Select(Quoted)).Append('\n');
        }

        WholeFile.Write(path, text.ToString());
    }

    // RFC 4180.
    private static string Quoted(string cell) =>
        cell.AsSpan().IndexOfAny("\",\n\r") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
