using System.Text.Json;
using MedGen.Abstractions.Errors;
using MedGen.Abstractions.Frames;
using MedGen.Cli.Output;
using MedGen.Datasets.Files;
using MedGen.Media.Images;
using MedGen.Training.SurgicalPhase;
using MedGen.Training.SurgicalPhase.Evaluation;

namespace MedGen.Cli.Phases;

/// <summary>Writes the course of films into a folder: text in the wanted format, and pictures.</summary>
internal sealed class PhaseExportFolder(string folder, string format, string? truthFolder)
{
    public async Task<IReadOnlyList<string>> WriteAsync(PhaseAnswer answer, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        PhaseCourse course = answer.Course();
        string name = Path.GetFileNameWithoutExtension(answer.File);
        IReadOnlyList<int>? truth = truthFolder is null ? null : Truth(name, course);
        (string file, string text) = format switch
        {
            "json" => ($"{name}.json", Json(answer, course)),
            "cholec80" => ($"{name}-phase.txt", PhaseExport.Cholec80(course)),
            _ => ($"{name}.csv", PhaseExport.Csv(course)),
        };
        using VideoFrame picture = PhaseRibbon.Picture(course.Labels, course.Phases, truth);
        byte[] png = await FrameImage.EncodePngAsync(picture, null, cancellationToken);
        string[] paths = [Path.Combine(folder, file), Path.Combine(folder, $"{name}.png"), Path.Combine(folder, $"{name}.svg")];
        WholeFile.Write(paths[0], text);
        WholeFile.Write(paths[1], path => File.WriteAllBytes(path, png));
        WholeFile.Write(paths[2], PhaseRibbon.Svg(course.Labels, course.Phases, truth));
        return paths;
    }

    private static string Json(PhaseAnswer answer, PhaseCourse course) => JsonSerializer.Serialize(
        new
        {
            video = Path.GetFileName(answer.File),
            labels = course.Labels,
            weightsHash = answer.Classifier.WeightsHash,
            frames = course.Phases.Select((phase, i) => new { frame = course.Frames[i], seconds = course.Times[i], phase = course.Labels[phase], probabilities = course.Probabilities[i] }),
        },
        JsonLines.SerializerOptions) + "\n";

    /// <summary>The true phase of each analysed frame, from the label file of the film's video.</summary>
    private List<int> Truth(string name, PhaseCourse course)
    {
        string video = PhasePairs.VideoOf(name);
        string path = Directory.EnumerateFiles(truthFolder!).FirstOrDefault(f => Path.GetExtension(f) is ".txt" or ".csv" && PhasePairs.VideoOf(f) == video)
            ?? throw new InvalidInputException("truth", $"The folder has no label file for {name}.");
        PhaseAnnotation labels = PhaseFileReader.Read(path, SurgicalWorkflow.Cholec80);
        PhaseAnnotation predicted = new() { Source = name, Frames = [.. course.Times.Select(t => (long)Math.Round(t * PhaseExport.Cholec80FramesPerSecond))], Phases = course.Phases };
        return [.. PhasePair.Align(video, predicted, labels).Truth];
    }
}
