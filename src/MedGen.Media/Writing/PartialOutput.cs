using MedGen.Sdk.Files;

namespace MedGen.Media.Writing;

/// <summary>
/// A file or folder under a temporary name beside its final one. <see cref="Complete"/> renames it; without that, disposal removes it.
/// </summary>
internal sealed class PartialOutput : IDisposable
{
    private readonly string _target;

    public PartialOutput(string target)
    {
        _target = target;
        string folder = System.IO.Path.GetDirectoryName(target) ?? target;
        Path = System.IO.Path.Combine(folder, $".{System.IO.Path.GetFileName(target)}.{Guid.NewGuid():N}.partial");
    }

    public string Path { get; }

    public void Complete()
    {
        if (Directory.Exists(Path))
        {
            Directory.Move(Path, _target);
        }
        else
        {
            WholeFile.Replace(Path, _target);
        }
    }

    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
        else
        {
            File.Delete(Path);
        }
    }
}
