using MedGen.Sdk.Errors;
using static TorchSharp.torch;

namespace MedGen.Model.Verification;

/// <summary>
/// Compares this implementation with the output of the reference, in float32 on the CPU, for every fixture that a folder holds. What to run comes
/// from the files alone: any dimensions, sizes, case names and special ids.
/// </summary>
public static class ModelVerification
{
    private static readonly IPartFixture[] Parts =
    [
        new TokenizerFixture(), new TextEncoderFixture(), new TransformerFixture(), new LoraFixture(), new LayoutsFixture(),
        new TextLayoutsFixture(), new AutoencoderFixture(), new ImageEncoderFixture(), new SchedulerFixture(), new PipelineFixture(),
    ];

    private static readonly EnumerationOptions Deep = new() { RecurseSubdirectories = true, MaxRecursionDepth = 3 };

    /// <summary>Runs all fixtures of a folder, part by part.</summary>
    /// <param name="folder">A folder with folders for parts in it, at most four levels deep, or one part's folder itself.</param>
    /// <param name="baseFolder">The model that adapters are for: a folder with its transformer, or a model folder with two experts; null: found in
    /// the fixture's folder, beside it or above.</param>
    /// <param name="cancellationToken">Ends the run after the part at hand.</param>
    /// <returns>One record a comparison. A fixture that cannot be read or run is a failed record.</returns>
    /// <exception cref="ModelFormatException">The folder does not exist or holds no fixture.</exception>
    public static IEnumerable<VerificationRecord> Run(string folder, string? baseFolder = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        if (!Directory.Exists(folder))
        {
            throw new ModelFormatException(name, $"There is no folder '{name}'.");
        }

        List<(string Path, IPartFixture Part)> found = Find(folder);
        return found.Count > 0
            ? Run(found, baseFolder, cancellationToken)
            : throw new ModelFormatException(
                name,
                $"'{name}' holds no fixture: expected cases.safetensors or cases.json of {string.Join(", ", Parts.Select(part => part.Part))}, in "
                    + "it or in its sub-folders.");
    }

    private static IEnumerable<VerificationRecord> Run(
        List<(string Path, IPartFixture Part)> found, string? baseFolder, CancellationToken cancellationToken)
    {
        foreach ((string path, IPartFixture part) in found)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (VerificationRecord record in Run(path, part, baseFolder))
            {
                yield return record;
            }
        }
    }

    private static IReadOnlyList<VerificationRecord> Run(string path, IPartFixture part, string? baseFolder)
    {
        var report = new VerificationReport(part.Part);
        using var noGrad = no_grad();
        using var folder = new FixtureFolder(path) { BaseFolder = baseFolder };
        report.Try(folder.Name, () => part.Run(folder, report));
        if (report.Records.Count == 0)
        {
            report.Fail(folder.Name, "The folder holds no case that can be run: cases or weights are missing.");
        }

        // A case that could not be run leaves its tensors unread, which is no news.
        if (report.Records.All(record => record.MaxAbsDiff is not null))
        {
            foreach (string name in folder.UnreadNames)
            {
                report.Skip(name);
            }
        }

        return report.Records;
    }

    private static List<(string Path, IPartFixture Part)> Find(string folder)
    {
        List<(string Path, IPartFixture Part)> found = [];
        foreach (string path in Directory.EnumerateDirectories(folder, "*", Deep).Order(StringComparer.Ordinal).Prepend(folder))
        {
            if (Recognise(path) is { } part)
            {
                found.Add((path, part));
            }
        }

        return [.. found.OrderBy(item => (uint)Array.IndexOf(Parts, item.Part))];
    }

    /// <summary>By content; where that cannot be read, by name, so that a broken fixture fails instead of being passed over.</summary>
    private static IPartFixture? Recognise(string path)
    {
        using var folder = new FixtureFolder(path);
        if (!folder.HasTensors && !folder.HasJson)
        {
            return null;
        }

        IPartFixture? named = Array.Find(Parts, part => part.Part == folder.Name);
        try
        {
            return Array.Find(Parts, part => part.Recognises(folder)) ?? named;
        }
        catch (Exception exception) when (exception is MedGenException or System.Text.Json.JsonException or IOException)
        {
            return named ?? new UnreadableFixture(exception.Message);
        }
    }
}
