using MedGen.Datasets.Reports;
using MedGen.Dicom.Deidentification;
using MedGen.Sdk.Errors;

namespace MedGen.Cli.Dicom;

/// <summary>
/// De-identifies files into a folder by study, with a report for each. The folder appears under its name when all is done; after an error there is
/// none.
/// </summary>
internal sealed class DeidentificationRun(Deidentifier deidentifier)
{
    private const string ReportFile = "report.json";
    private const string WithoutStudy = "no-study";

    /// <exception cref="InvalidInputException">The folder exists already, or nothing could be written.</exception>
    public async Task<DeidentificationSummary> RunAsync(IReadOnlyList<string> files, string target, CancellationToken cancellationToken)
    {
        string folder = Path.GetFullPath(target);
        if (Path.Exists(folder))
        {
            throw new InvalidInputException("out", $"'{target}' exists already; a new folder is written.");
        }

        string partial = $"{Path.TrimEndingDirectorySeparator(folder)}.partial-{Guid.NewGuid():N}";
        Directory.CreateDirectory(partial);
        try
        {
            (List<DeidentifiedObject> done, List<string> refused) = await CopyAsync(files, partial, cancellationToken);
            if (done.Count == 0)
            {
                throw new InvalidInputException("in", $"nothing could be written: {string.Join("; ", refused.Take(3))}");
            }

            DeidentifiedStudy[] studies = [.. done.GroupBy(one => one.Study).Select(Sum)];
            foreach (DeidentifiedStudy study in studies)
            {
                await File.WriteAllTextAsync(Path.Combine(partial, Name(study.Study), ReportFile), ReportJson.Line(study), cancellationToken);
            }

            Directory.Move(partial, folder);
            return new DeidentificationSummary(target, studies, refused);
        }
        finally
        {
            if (Directory.Exists(partial))
            {
                Directory.Delete(partial, recursive: true);
            }
        }
    }

    private async Task<(List<DeidentifiedObject> Done, List<string> Refused)> CopyAsync(
        IReadOnlyList<string> files, string partial, CancellationToken cancellationToken)
    {
        List<DeidentifiedObject> done = [];
        List<string> refused = [];
        foreach (string file in files)
        {
            try
            {
                DeidentifiedObject one = await deidentifier.RunAsync(file, partial, cancellationToken);
                string study = Path.Combine(partial, Name(one.Study));
                Directory.CreateDirectory(study);
                string name = $"{one.Instance}.dcm";
                if (File.Exists(Path.Combine(study, name)))
                {
                    File.Delete(Path.Combine(partial, name));
                    throw new MediaException(Path.GetFileName(file), $"{Path.GetFileName(file)}: another file is the same instance.");
                }

                File.Move(Path.Combine(partial, name), Path.Combine(study, name));
                done.Add(one);
            }
            catch (MediaException error)
            {
                refused.Add(error.Message);
            }
        }

        return (done, refused);
    }

    private static DeidentifiedStudy Sum(IGrouping<string, DeidentifiedObject> study) => new(
        study.Key, study.Count(),
        study.SelectMany(one => one.Elements).GroupBy(one => one.Key).OrderBy(one => one.Key, StringComparer.Ordinal)
            .ToDictionary(one => one.Key, one => one.Sum(count => count.Value)),
        study.Max(one => one.BlankedPixels),
        [.. study.SelectMany(one => one.Flags.Select(flag => $"{one.Instance}: {flag}"))]);

    private static string Name(string study) => study.Length == 0 ? WithoutStudy : study;
}
