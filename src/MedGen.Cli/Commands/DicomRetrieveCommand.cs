using System.CommandLine;
using MedGen.Cli.Dicom;
using MedGen.Cli.Output;
using MedGen.Dicom.Web;
using MedGen.Sdk.Errors;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen dicom retrieve --server URL --study UID --out DIR</c>.</summary>
internal static class DicomRetrieveCommand
{
    public static Command Create()
    {
        ArchiveOptions archive = new();
        Option<string> study = new("--study") { Description = "Study Instance UID.", Required = true };
        Option<string?> series = new("--series") { Description = "Series Instance UID; default: all of the study." };
        Option<string?> instance = new("--instance") { Description = "SOP Instance UID, with --series; default: all." };
        Option<int[]> frames = new("--frames")
        {
            Description = "Numbers of frames, from 1, with --instance: as they are stored, FRAME.raw.", AllowMultipleArgumentsPerToken = true,
        };
        Option<bool> rendered = new("--rendered")
        {
            Description = "With --instance: the picture as the server shows it, or of each of --frames, as .png or .jpg.",
        };
        Option<string> output = new("--out") { Description = "Folder to write to; made when it is missing.", Required = true };
        Command retrieve = new("retrieve", "Fetches instances, frames or pictures from a DICOMweb server (WADO-RS).")
        {
            study, series, instance, frames, rendered, output,
        };
        archive.AddTo(retrieve);
        retrieve.SetAction(async (parsed, cancellationToken) =>
        {
            string folder = Directory.CreateDirectory(parsed.GetRequiredValue(output)).FullName;
            string from = parsed.GetRequiredValue(study);
            int[] numbers = parsed.GetValue(frames) ?? [];
            bool isShown = parsed.GetValue(rendered);
            using DicomWebClient client = archive.Connect(parsed);
            if (numbers.Length == 0 && !isShown)
            {
                int count = 0;
                await foreach (string _ in client.RetrieveAsync(from, parsed.GetValue(series), parsed.GetValue(instance), folder, cancellationToken))
                {
                    count++;
                }

                Terminal.Line($"{folder}: {count} instances");
                return ExitCode.Success;
            }

            if (parsed.GetValue(series) is not { } ofSeries || parsed.GetValue(instance) is not { } ofInstance)
            {
                throw new InvalidInputException("--instance", "is missing; frames and pictures are those of one instance, with its --series.");
            }

            foreach ((string name, RetrievedPart part) in isShown
                ? await RenderedAsync(client, from, ofSeries, ofInstance, numbers, cancellationToken)
                : [.. (await client.ReadFramesAsync(from, ofSeries, ofInstance, numbers, cancellationToken))
                    .Select((part, index) => ($"{numbers[index]}.raw", part))])
            {
                await File.WriteAllBytesAsync(Path.Combine(folder, name), part.Bytes.ToArray(), cancellationToken);
                Terminal.Line($"{name}: {part.Bytes.Length} bytes, {part.MediaType}");
            }

            return ExitCode.Success;
        });
        return retrieve;
    }

    private static async Task<List<(string Name, RetrievedPart Part)>> RenderedAsync(
        DicomWebClient client, string study, string series, string instance, int[] frames, CancellationToken cancellationToken)
    {
        List<(string, RetrievedPart)> pictures = [];
        foreach (int? frame in frames.Length == 0 ? [null] : frames.Select(number => (int?)number))
        {
            RetrievedPart part = await client.ReadRenderedAsync(study, series, instance, frame, cancellationToken);
            pictures.Add(($"{frame?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "rendered"}"
                + (part.MediaType == "image/png" ? ".png" : ".jpg"), part));
        }

        return pictures;
    }
}
