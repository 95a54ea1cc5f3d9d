using System.Runtime.CompilerServices;
using MedGen.Dicom.DataSets;
using MedGen.Dicom.Pixels;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Media.Reading;

/// <summary>The film in a DICOM file (MPEG-2, H.264, HEVC), copied to a file of its own for as long as ffmpeg reads it.</summary>
internal sealed class DicomFilm : IDisposable
{
    private static readonly DicomTag PixelData = new(0x7FE0_0010);
    private static readonly DicomTag Rows = new(0x0028_0010);
    private static readonly DicomTag Columns = new(0x0028_0011);

    private readonly string _folder;
    private readonly int? _width;
    private readonly int? _height;

    private DicomFilm(string folder, string path, DicomDataSet set)
    {
        (_folder, Path) = (folder, path);
        (_width, _height) = (set.Whole(Columns), set.Whole(Rows));
        (Spacing, Acquisition) = (DicomRecording.Spacing(set), DicomRecording.Device(set));
    }

    /// <summary>The copy; its name is that of the DICOM file, so that messages name it.</summary>
    public string Path { get; }

    /// <summary>Size of a pixel; null: not stated.</summary>
    public PixelSpacing? Spacing { get; }

    /// <summary>With what it was recorded; null: not stated.</summary>
    public Acquisition? Acquisition { get; }

    public static bool IsOne(string path)
    {
        if (Directory.Exists(path))
        {
            return false;
        }

        using DicomFile file = DicomFile.Open(path);
        return file.TransferSyntax.Pixels == PixelCoding.Film;
    }

    public static async Task<DicomFilm> ExtractAsync(string path, CancellationToken cancellationToken)
    {
        using DicomFile file = DicomFile.Open(path);
        if (file.DataSet.Find(PixelData)?.Fragments is not { Count: > 0 } fragments)
        {
            throw new MediaException(file.Name, $"{file.Name}: {PixelData} has no fragments; {file.TransferSyntax.Name} needs one at least.");
        }

        string folder = Directory.CreateTempSubdirectory("medgen-dicom-").FullName;
        try
        {
            string copy = System.IO.Path.Combine(folder, file.Name);
            FileStream target = new(copy, FileMode.CreateNew, FileAccess.Write);
            await using ConfiguredAsyncDisposable targetDisposal = target.ConfigureAwait(false);
            foreach (DicomBulk fragment in fragments)
            {
                fragment.CopyTo(target, cancellationToken);
            }

            return new DicomFilm(folder, copy, file.DataSet);
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <exception cref="MediaException">The film has another size than the file states.</exception>
    public void CheckSize(VideoInfo film)
    {
        if (film.Width != _width || film.Height != _height)
        {
            string name = System.IO.Path.GetFileName(Path);
            throw new MediaException(
                name, $"{name}: {Columns} and {Rows} are {_width} and {_height}; the film in it has {film.Width}x{film.Height} px.");
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
