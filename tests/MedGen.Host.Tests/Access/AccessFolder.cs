using System.Text.Json;

namespace MedGen.Host.Tests.Access;

/// <summary>Files of access in a folder of their own.</summary>
internal sealed class AccessFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("medgen-access-");
    private int _writes;

    public string Keys(params object[] entries) => Write("keys.json", JsonSerializer.Serialize(entries));

    public string Access(object content) => Write("access.json", JsonSerializer.Serialize(content));

    /// <summary>Writes a file; one that was there before gets another time, however coarse the clock of the file system is.</summary>
    public string Write(string name, string content)
    {
        string path = PathOf(name);
        File.WriteAllText(path, content);
        File.SetLastWriteTimeUtc(path, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(++_writes));
        return path;
    }

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);
}
