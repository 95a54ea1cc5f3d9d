using MedGen.Curation.Specifications;
using MedGen.Curation.Writing;
using MedGen.Datasets.Augmentation;
using MedGen.Datasets.Specifications;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Files;

namespace MedGen.Curation.Running;

/// <summary>What an output folder belongs to. A run goes on only with the same; films may have come to the input folder since.</summary>
/// <param name="Spec">The specification, defaults included.</param>
/// <param name="Features">The features that seconds were compared by.</param>
internal sealed record CurationClaim(CurationSpec Spec, string Features)
{
    private const string RunFile = "run";

    /// <summary>Takes the folder, or refuses it.</summary>
    /// <param name="folder">The folder; made when it is missing.</param>
    /// <param name="mode">What may be in it.</param>
    /// <param name="runId">A run that may go on with what it has begun itself; null: none.</param>
    /// <exception cref="InvalidInputException">It is not empty and may not be gone on with or replaced; the message says what would help.</exception>
    public void Take(string folder, OutputMode mode, string? runId = null)
    {
        Directory.CreateDirectory(folder);
        string run = Path.Combine(folder, WorkFolder.Name, RunFile);
        string path = Path.Combine(folder, DatasetWriter.Claim);
        bool isOwn = runId is not null && File.Exists(run) && File.ReadAllText(run) == runId;
        if (isOwn && !File.Exists(path))
        {
            // It stopped before it had claimed the folder.
            WholeFile.Write(path, SpecificationJson.Text(this));
            return;
        }

        mode = isOwn ? OutputMode.Resume : mode;
        string shown = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));
        bool isEmpty = !Directory.EnumerateFileSystemEntries(folder).Any();
        string own = SpecificationJson.Text(this);
        if (!isEmpty && !File.Exists(path))
        {
            throw new InvalidInputException("out", $"'{shown}' is not empty and holds no curation; a missing or empty folder is needed.");
        }

        if (!isEmpty && mode == OutputMode.New)
        {
            throw new InvalidInputException("out", $"'{shown}' is not empty: --resume goes on with the curation in it, --overwrite replaces it.");
        }

        if (!isEmpty && mode == OutputMode.Overwrite)
        {
            Directory.Delete(folder, recursive: true);
            Directory.CreateDirectory(folder);
        }
        else if (!isEmpty && File.ReadAllText(path) != own)
        {
            throw new InvalidInputException(
                "out",
                $"'{shown}' was begun with another specification or other features; go on with the same, or give another folder or --overwrite.");
        }

        if (runId is not null)
        {
            Directory.CreateDirectory(Path.Combine(folder, WorkFolder.Name));
            WholeFile.Write(run, runId);
        }

        WholeFile.Write(path, own);
    }
}
