using MedGen.Sdk.Errors;
using Microsoft.Win32.SafeHandles;

namespace MedGen.Dicom.DataSets;

/// <summary>The bytes of a file, read by position. Values that are too long for memory stay here until they are asked for.</summary>
internal sealed class DicomSource : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly string? _temporary;

    private DicomSource(SafeFileHandle file, string name, string? temporary) => (_file, Name, _temporary) = (file, name, temporary);

    /// <summary>Name of the file without its folder.</summary>
    public string Name { get; }

    public long Length => RandomAccess.GetLength(_file);

    public static DicomSource Open(string path)
    {
        string name = Path.GetFileName(path);
        try
        {
            return new DicomSource(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), name, null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new MediaException(name, $"{name} cannot be opened: {(error is FileNotFoundException ? "it does not exist" : error.Message)}",
                error);
        }
    }

    /// <summary>A temporary file that goes with the source.</summary>
    /// <param name="name">Whose content it holds, for messages.</param>
    /// <param name="fill">Writes it.</param>
    public static DicomSource Temporary(string name, Action<Stream> fill)
    {
        string path = Path.Combine(Path.GetTempPath(), $"medgen-{Guid.NewGuid():N}.tmp");
        try
        {
            using (FileStream file = new(path, FileMode.CreateNew, FileAccess.Write))
            {
                fill(file);
            }

            return new DicomSource(File.OpenHandle(path), name, path);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    /// <summary>As <see cref="Temporary"/>, for a content that is waited for.</summary>
    public static async Task<DicomSource> TemporaryAsync(string name, Func<Stream, Task> fill)
    {
        string path = Path.Combine(Path.GetTempPath(), $"medgen-{Guid.NewGuid():N}.tmp");
        try
        {
            FileStream file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 16, FileOptions.Asynchronous);
            await using (file.ConfigureAwait(false))
            {
                await fill(file).ConfigureAwait(false);
            }

            return new DicomSource(File.OpenHandle(path), name, path);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    /// <returns>How many bytes there were; fewer than asked only at the end.</returns>
    public int Read(long position, Span<byte> bytes)
    {
        int total = 0;
        while (total < bytes.Length)
        {
            int read = RandomAccess.Read(_file, bytes[total..], position + total);
            if (read == 0)
            {
                break;
            }

            total += read;
        }

        return total;
    }

    public void Dispose()
    {
        _file.Dispose();
        if (_temporary is not null)
        {
            File.Delete(_temporary);
        }
    }
}
