using MedGen.Cli.Connections;
using MedGen.Dicom.DataSets;
using MedGen.Dicom.Writing;
using MedGen.Media;
using MedGen.Sdk.Frames;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Cli.Dicom;

/// <summary>
/// One file for what a command is given: the file itself, or for a folder with the slices of a DICOM series a temporary one that holds their
/// pictures in order and nothing of the patient.
/// </summary>
internal sealed class UploadableClip : IDisposable
{
    private readonly bool _isTemporary;

    private UploadableClip(string path, string? statedModality, bool isTemporary) =>
        (Path, StatedModality, _isTemporary) = (path, statedModality, isTemporary);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>(0008,0060) Modality of a DICOM file or series; null: it is no DICOM, or states none.</summary>
    public string? StatedModality { get; }

    public static async Task<UploadableClip> CreateAsync(string path, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(path))
        {
            bool isDicom = File.Exists(path) && await DicomFile.IsDicomAsync(path, cancellationToken);
            return new UploadableClip(path, isDicom ? ModalityOf(path) : null, isTemporary: false);
        }

        await using ServiceProvider services = MediaServices.Create();
        IVideoClip series = await services.GetRequiredService<IVideoReader>().OpenAsync(path, cancellationToken);
        string? modality = ModalityOf((await Commands.DicomCommand.DicomFilesAsync([path], cancellationToken))[0]);
        string file = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"medgen-{Guid.NewGuid():N}.dcm");
        ResultObject about = new() { Created = services.GetRequiredService<TimeProvider>().GetUtcNow(), Modality = modality ?? "OT" };
        await SecondaryCapture.WriteAsync(
            file, series.ReadFramesAsync(FrameSampling.All, cancellationToken), series.Info.FrameRate, isGrey: false, about, cancellationToken);
        return new UploadableClip(file, modality, isTemporary: true);
    }

    public void Dispose()
    {
        if (_isTemporary)
        {
            File.Delete(Path);
        }
    }

    private static string? ModalityOf(string path)
    {
        using DicomFile file = DicomFile.Open(path);
        return file.DataSet.Text(new(0x0008_0060)) is { Length: > 0 } modality ? modality : null;
    }
}
