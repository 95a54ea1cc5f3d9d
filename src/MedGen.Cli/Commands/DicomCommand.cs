using System.CommandLine;
using MedGen.Cli.Connections;
using MedGen.Cli.Dicom;
using MedGen.Cli.Output;
using MedGen.Dicom.DataSets;
using MedGen.Media;
using MedGen.Media.Images;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen dicom info|convert|deidentify|write|query|retrieve|send|listen|watch</c>.</summary>
internal static class DicomCommand
{
    public static Command Create() =>
        new("dicom", "Reads, converts, de-identifies and writes DICOM files; queries, retrieves from and sends to archives.")
    {
        Info(), Convert(), DicomDeidentifyCommand.Create(), DicomWriteCommand.Create(),
        DicomQueryCommand.Create(), DicomRetrieveCommand.Create(), DicomSendCommand.Create(), DicomListenCommand.Create(), DicomListenCommand.Watch(),
    };

    private static Command Info()
    {
        Argument<string[]> paths = new("paths") { Description = "DICOM files, or folders of them.", Arity = ArgumentArity.OneOrMore };
        Option<bool> identifiers = new("--identifiers") { Description = "Also who the patient is." };
        Option<bool> json = JsonOption.Create();
        Command info = new(
            "info", "What a file is, how its pictures are shown, and what of it is not read. Exit code 1: something is not read.")
        {
            paths, identifiers, json,
        };
        info.SetAction(async (parsed, cancellationToken) =>
        {
            bool all = true;
            foreach (string path in await DicomFilesAsync(parsed.GetRequiredValue(paths), cancellationToken))
            {
                DicomSummary summary = DicomSummary.Of(path, parsed.GetValue(identifiers));
                all &= summary.Refused is null;
                if (parsed.GetValue(json))
                {
                    JsonLines.Write(summary);
                }
                else
                {
                    Terminal.Line(summary.ToString());
                }
            }

            return all ? ExitCode.Success : ExitCode.Negative;
        });
        return info;
    }

    private static Command Convert()
    {
        Argument<string> path = new("path") { Description = "A DICOM file, or a folder with the slices of one series." };
        Option<string> output = new("--out") { Description = "File to write: .mp4 or .gif for all frames, .png for one.", Required = true };
        Option<int> frame = new("--frame") { Description = "Which frame a .png shows, from 0." };
        Command convert = new("convert", "Shows a DICOM file as a film or a picture, with the window of the file. Who the patient is is not copied.")
        {
            path, output, frame,
        };
        convert.SetAction(async (parsed, cancellationToken) =>
        {
            string target = OutputFile.Prepare(parsed.GetRequiredValue(output));
            await using ServiceProvider services = MediaServices.Create();
            IVideoClip clip = await services.GetRequiredService<IVideoReader>().OpenAsync(parsed.GetRequiredValue(path), cancellationToken);
            if (Path.GetExtension(target).Equals(".png", StringComparison.OrdinalIgnoreCase))
            {
                await WritePictureAsync(clip, target, parsed.GetValue(frame), cancellationToken);
                return ExitCode.Success;
            }

            VideoFormat format = Path.GetExtension(target).ToLowerInvariant() switch
            {
                ".mp4" => VideoFormat.H264,
                ".gif" => VideoFormat.Gif,
                _ => throw new InvalidInputException("--out", $"got '{Path.GetExtension(target)}'; .mp4, .gif and .png are allowed."),
            };
            VideoEncoding encoding = new()
            {
                Format = format,
                FramesPerSecond = Math.Min(clip.Info.FrameRate ?? 1, format == VideoFormat.Gif ? 50 : 240),
                ProvenanceId = $"{SyntheticNote.AlteredPrefix}dicom-convert",
            };
            long count = await services.GetRequiredService<IVideoWriter>().WriteAsync(
                target, clip.ReadFramesAsync(FrameSampling.All, cancellationToken), encoding, cancellationToken);
            Terminal.Line($"{target}: {count} frames of {clip.Info.Width}x{clip.Info.Height} px");
            return ExitCode.Success;
        });
        return convert;
    }

    private static async Task WritePictureAsync(IVideoClip clip, string target, int index, CancellationToken cancellationToken)
    {
        await foreach (VideoFrame frame in clip.ReadFramesAsync(FrameSampling.All, cancellationToken))
        {
            using (frame)
            {
                if (frame.Index == index)
                {
                    await File.WriteAllBytesAsync(target, await FrameImage.EncodePngAsync(frame, null, cancellationToken), cancellationToken);
                    Terminal.Line($"{target}: frame {index} of {clip.Info.FrameCount ?? index + 1}, {frame.Width}x{frame.Height} px");
                    return;
                }
            }
        }

        throw new InvalidInputException("--frame", $"got {index}; the clip has {clip.Info.FrameCount} frames, from 0.");
    }

    /// <summary>Files as they are named, and those of folders that begin as DICOM does.</summary>
    /// <exception cref="InvalidInputException">One is not there, or a folder has none.</exception>
    public static async Task<IReadOnlyList<string>> DicomFilesAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        List<string> files = [];
        foreach (string path in paths)
        {
            if (File.Exists(path))
            {
                files.Add(path);
                continue;
            }

            if (!Directory.Exists(path))
            {
                throw new InvalidInputException("paths", $"'{path}' does not exist.");
            }

            int before = files.Count;
            foreach (string file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                if (await DicomFile.IsDicomAsync(file, cancellationToken))
                {
                    files.Add(file);
                }
            }

            if (files.Count == before)
            {
                throw new InvalidInputException("paths", $"'{path}' holds no DICOM file.");
            }
        }

        return files;
    }
}
