using MedGen.Sdk.Errors;
using MedGen.Torch.Safetensors;
using static TorchSharp.torch;

namespace MedGen.Model.Pipelines;

/// <summary>
/// Embeddings as safetensors files named by their key. A file that is broken is removed and counts as absent; a folder that cannot be written to
/// keeps nothing.
/// </summary>
/// <param name="folder">The folder; made when the first file is written.</param>
/// <param name="limit">Bytes of all files together.</param>
/// <param name="time">Clock by which a use is noted.</param>
internal sealed class EmbeddingFiles(string folder, long limit, TimeProvider time)
{
    private const string Name = "rows";
    private const string Ending = ".embedding.safetensors";

    /// <summary>Reads rows.</summary>
    /// <param name="key">Hexadecimal digits.</param>
    /// <param name="length">How many rows there must be.</param>
    /// <param name="dataType">Their number type.</param>
    /// <returns>Rows [L, dim] in the current dispose scope; null: none are there.</returns>
    public Tensor? Read(string key, int length, ScalarType dataType)
    {
        string path = PathOf(key);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using SafetensorsFile file = SafetensorsFile.Open(path);
            using Tensor stored = file.Read(Name);
            if (stored.dim() == 2 && stored.size(0) == length && stored.dtype == dataType && file.IsFinite(Name))
            {
                File.SetLastWriteTimeUtc(path, time.GetUtcNow().UtcDateTime);
                return stored.clone(); // the file may go while the rows are in use
            }
        }
        catch (Exception exception) when (exception is ModelFormatException or IOException or UnauthorizedAccessException)
        {
            // Computed anew below.
        }

        Remove(path);
        return null;
    }

    /// <summary>Writes rows and removes the files that were not used for longest until all fit.</summary>
    /// <param name="key">Hexadecimal digits.</param>
    /// <param name="rows">[L, dim].</param>
    public void Write(string key, Tensor rows)
    {
        try
        {
            Directory.CreateDirectory(folder);
            SafetensorsWriter.Write(PathOf(key), new Dictionary<string, Tensor> { [Name] = rows });
            FileInfo[] files = [.. new DirectoryInfo(folder).EnumerateFiles($"*{Ending}").OrderByDescending(file => file.LastWriteTimeUtc)];
            long bytes = 0;
            foreach (FileInfo file in files)
            {
                bytes += file.Length;
                if (bytes > limit)
                {
                    Remove(file.FullName);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A cache that cannot be written to is slower, not wrong.
        }
    }

    /// <summary>Deletes all files.</summary>
    /// <returns>Whether none is left.</returns>
    public bool Clear()
    {
        try
        {
            foreach (string path in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, $"*{Ending}") : [])
            {
                File.Delete(path);
            }

            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Somebody else removed or holds it.
        }
    }

    private string PathOf(string key) => Path.Combine(folder, key + Ending);
}
