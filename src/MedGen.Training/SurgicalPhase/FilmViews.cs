using MedGen.Abstractions.Errors;
using MedGen.Abstractions.Frames;
using MedGen.Datasets.Files;
using MedGen.Torch.Frames;
using MedGen.Torch.Networks;
using MedGen.Torch.Networks.Temporal;
using Microsoft.Win32.SafeHandles;

namespace MedGen.Training.SurgicalPhase;

/// <summary>
/// The views of a film's frames, one a second, in a file: decoding a film takes far longer than reading this, and a data set of views does not fit into
/// memory. Bytes, planes R, G, B of 64 x 64.
/// </summary>
internal sealed class FilmViews : IDisposable
{
    /// <summary>Bytes of a view.</summary>
    public const int ViewBytes = 3 * FrameNetwork.ViewSide * FrameNetwork.ViewSide;

    private readonly SafeFileHandle _file;

    private FilmViews(PhaseFilm film, string path)
    {
        _file = File.OpenHandle(path);
        Film = film;
        Count = (int)Math.Min(film.Phases.Count, RandomAccess.GetLength(_file) / ViewBytes);
    }

    public PhaseFilm Film { get; }

    /// <summary>Views: as many as phases, or one less where the last second of the film has no frame.</summary>
    public int Count { get; }

    public static async Task<FilmViews> OpenAsync(PhaseFilm film, string folder, bool resume, CancellationToken cancellationToken)
    {
        string path = Path.Combine(folder, $"{film.Name}.views");
        if (!resume || !File.Exists(path))
        {
            await WholeFile.WriteAsync(path, temporary => WriteAsync(film, temporary, cancellationToken)).ConfigureAwait(false);
        }

        var views = new FilmViews(film, path);
        if (views.Count >= film.Phases.Count - 1 && views.Count > 0)
        {
            return views;
        }

        int count = views.Count;
        views.Dispose();
        throw new InvalidInputException("data", $"{film.Name} gives {count} frames at one a second, its labels are about {film.Phases.Count} s.");
    }

    public void Read(int index, Span<byte> view) => RandomAccess.Read(_file, view[..ViewBytes], (long)index * ViewBytes);

    public void Dispose() => _file.Dispose();

    private static async Task WriteAsync(PhaseFilm film, string path, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[ViewBytes];
        float[] view = new float[ViewBytes];
        using FileStream file = File.Create(path);
        await foreach (VideoFrame frame in film.Frames(cancellationToken).ConfigureAwait(false))
        {
            using (frame)
            {
                PhaseRecognizer.View(FramePicture.FromFrame(frame), view);
            }

            for (int i = 0; i < view.Length; i++)
            {
                bytes[i] = (byte)MathF.Round(view[i] * 255);
            }

            file.Write(bytes);
        }
    }
}
