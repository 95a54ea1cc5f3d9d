using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Datasets.Reports;
using MedGen.Sdk.Files;
using MedGen.Media.Images;
using MedGen.Classifiers.Training.SurgicalPhase;
using MedGen.Classifiers.Training.SurgicalPhase.Evaluation;

namespace MedGen.Cli.Phases;

/// <summary>Writes the course of films into a folder: text in the wanted format, and pictures.</summary>
internal sealed class PhaseExportFolder
{
    private readonly string _folder;
    private readonly string _format;
    private readonly Dictionary<string, PhaseAnnotation> _truths;

    private PhaseExportFolder(string folder, string format, Dictionary<string, PhaseAnnotation> truths) =>
        (_folder, _format, _truths) = (folder, format, truths);

    /// <summary>Finds what is wrong before any film is looked at: a classification that took minutes is not lost to a missing label file.</summary>
    /// <param name="folder">Where to write; made when missing.</param>
    /// <param name="format">csv, json or cholec80.</param>
    /// <param name="truthFolder">Folder of label files; null: none.</param>
    /// <param name="films">The films that will be classified.</param>
    /// <exception cref="InvalidInputException">Two films would be written to the same file, or a film has no label file, or that is
    /// wrong.</exception>
    public static PhaseExportFolder Open(string folder, string format, string? truthFolder, IReadOnlyList<string> films)
    {
        if (films.GroupBy(Path.GetFileNameWithoutExtension, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } same)
        {
            throw new InvalidInputException(
                "files", $"{string.Join(" and ", same)} would both be exported as '{same.Key}'; classify them into different folders.");
        }

        Dictionary<string, PhaseAnnotation> truths = truthFolder is null
            ? []
            : films.ToDictionary(film => film, film => ReadTruth(truthFolder, film));
        Directory.CreateDirectory(folder);
        return new PhaseExportFolder(folder, format, truths);
    }

    /// <summary>Writes one film's course, then the pictures of it.</summary>
    public async Task<IReadOnlyList<string>> WriteAsync(PhaseAnswer answer, CancellationToken cancellationToken)
    {
        PhaseCourse course = answer.Course();
        string name = Path.GetFileNameWithoutExtension(answer.File);
        (string file, string text) = _format switch
        {
            "json" => ($"{name}.json", Json(answer, course)),
            "cholec80" => ($"{name}-phase.txt", PhaseExport.Cholec80(course)),
            _ => ($"{name}.csv", PhaseExport.Csv(course)),
        };
        string[] paths = [Path.Combine(_folder, file), Path.Combine(_folder, $"{name}.png"), Path.Combine(_folder, $"{name}.svg")];
        WholeFile.Write(paths[0], text);
        IReadOnlyList<int>? truth = _truths.TryGetValue(answer.File, out PhaseAnnotation? labels) ? Align(paths[0], course, labels) : null;
        using VideoFrame picture = PhaseRibbon.Picture(course.Labels, course.Phases, truth);
        byte[] png = await FrameImage.EncodePngAsync(picture, null, cancellationToken);
        WholeFile.Write(paths[1], path => File.WriteAllBytes(path, png));
        WholeFile.Write(paths[2], PhaseRibbon.Svg(course.Labels, course.Phases, truth));
        return paths;
    }

    private static string Json(PhaseAnswer answer, PhaseCourse course) => ReportJson.Line(
        new
        {
            video = Path.GetFileName(answer.File),
            labels = course.Labels,
            weightsHash = answer.WeightsHash,
            frames = course.Phases.Select(
                (phase, i) => new
                {
                    frame = course.Frames[i],
                    seconds = course.Times[i],
                    phase = course.Labels[phase],
                    probabilities = course.Probabilities[i],
                }),
        }) + "\n";

    private static PhaseAnnotation ReadTruth(string folder, string film)
    {
        if (!Directory.Exists(folder))
        {
            throw new InvalidInputException("truth", $"There is no folder {folder}.");
        }

        string video = PhasePairs.VideoOf(film);
        string path = Directory.EnumerateFiles(folder).FirstOrDefault(f => Path.GetExtension(f) is ".txt" or ".csv" && PhasePairs.VideoOf(f) == video)
            ?? throw new InvalidInputException("truth", $"The folder has no label file for {Path.GetFileName(film)}.");
        return PhaseFileReader.Read(path, SurgicalWorkflow.Cholec80);
    }

    /// <summary>The true phase of each analysed frame.</summary>
    private static IReadOnlyList<int> Align(string path, PhaseCourse course, PhaseAnnotation labels)
    {
        PhaseAnnotation predicted = new()
        {
            Source = Path.GetFileName(path),
            Frames = [.. course.Times.Select(PhaseExport.Cholec80Frame)],
            Phases = course.Phases,
        };
        try
        {
            return PhasePair.Align(PhasePairs.VideoOf(path), predicted, labels).Truth;
        }
        catch (InvalidInputException exception)
        {
            throw new InvalidInputException("truth", $"{exception.Violations[0].Description} The course is in {path}; there is no picture of it.");
        }
    }
}
