using System.CommandLine;
using MedGen.Cli.Connections;
using MedGen.Cli.Output;
using MedGen.Dicom.Writing;
using MedGen.Media;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen dicom write CLIP --out x.dcm</c>.</summary>
internal static class DicomWriteCommand
{
    private static readonly string[] Forms = ["capture", "grey", "endoscopic", "photographic", "microscopic"];

    public static Command Create()
    {
        Argument<string> clip = new("clip") { Description = "A clip or still." };
        Option<string> output = new("--out") { Description = "File to write, .dcm.", Required = true };
        Option<string> form = new("--as")
        {
            Description = "capture (default; multi-frame secondary capture in true colour), grey (the same in grey), or a film in H.264: "
                + "endoscopic, photographic, microscopic.",
            DefaultValueFactory = _ => Forms[0],
        };
        form.AcceptOnlyFromAmong(Forms);
        Option<string> modality = new("--modality")
        {
            Description = "DICOM modality of a capture, for instance US.", DefaultValueFactory = _ => "OT",
        };
        Option<string> patient = new("--patient-id") { Description = "(0010,0020) Patient ID.", DefaultValueFactory = _ => "" };
        Option<string> description = new("--description") { Description = "(0008,103E) Series Description.", DefaultValueFactory = _ => "" };
        Command command = new(
            "write", "Writes a clip as a DICOM object. A clip that the platform made says in it that it is synthetic, and so does the object.")
        {
            clip, output, form, modality, patient, description,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string source = parsed.GetRequiredValue(clip);
            string target = OutputFile.Prepare(parsed.GetRequiredValue(output));
            await using ServiceProvider services = MediaServices.Create();
            IVideoClip opened = await services.GetRequiredService<IVideoReader>().OpenAsync(source, cancellationToken);
            string? note = await SyntheticNote.FindAsync(source, cancellationToken);
            ResultObject about = new()
            {
                Created = services.GetRequiredService<TimeProvider>().GetLocalNow(),
                Modality = parsed.GetRequiredValue(modality),
                PatientId = parsed.GetRequiredValue(patient),
                SeriesDescription = parsed.GetRequiredValue(description),
                ProvenanceId = note?.StartsWith(SyntheticNote.AlteredPrefix, StringComparison.Ordinal) == true ? null : note,
            };
            long frames = parsed.GetRequiredValue(form) is "capture" or "grey"
                ? await SecondaryCapture.WriteAsync(
                    target, opened.ReadFramesAsync(FrameSampling.All, cancellationToken), opened.Info.FrameRate,
                    parsed.GetRequiredValue(form) == "grey", about, cancellationToken)
                : await WriteFilmAsync(
                    services, opened, target, Enum.Parse<FilmKind>(parsed.GetRequiredValue(form), ignoreCase: true), about, cancellationToken);
            Terminal.Line(
                $"{target}: {frames} frames of {opened.Info.Width}x{opened.Info.Height} px"
                    + (about.ProvenanceId is null ? "" : ", marked as synthetic"));
            return ExitCode.Success;
        });
        return command;
    }

    private static async Task<long> WriteFilmAsync(
        ServiceProvider services, IVideoClip clip, string target, FilmKind kind, ResultObject about, CancellationToken cancellationToken)
    {
        double rate = clip.Info.FrameRate ?? throw new InvalidInputException("--as", "a still is no film; write it as a capture.");
        if (clip.Info.IsVariableFrameRate)
        {
            throw new InvalidInputException("--as", "the clip has a variable frame rate, which a film in DICOM cannot have; write it as a capture.");
        }

        string film = Path.Combine(Path.GetTempPath(), $"medgen-{Guid.NewGuid():N}.mp4");
        try
        {
            VideoEncoding encoding = new()
            {
                FramesPerSecond = rate, ProvenanceId = about.ProvenanceId ?? $"{SyntheticNote.AlteredPrefix}dicom-write",
            };
            long frames = await services.GetRequiredService<IVideoWriter>().WriteAsync(
                film, clip.ReadFramesAsync(FrameSampling.All, cancellationToken), encoding, cancellationToken);
            FilmObject.Write(target, film, clip.Info.Width, clip.Info.Height, frames, rate, kind, about, cancellationToken);
            return frames;
        }
        finally
        {
            File.Delete(film);
        }
    }
}
