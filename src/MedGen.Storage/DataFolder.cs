using MedGen.Abstractions.Errors;
using Microsoft.Extensions.Options;

namespace MedGen.Storage;

/// <summary>
/// The folder that holds everything: <c>medgen.db</c>, <c>artifacts/ab/cd/&lt;sha256&gt;</c>, <c>checkpoints/&lt;job&gt;.safetensors</c>, <c>work/</c> for files in the making, which is
/// emptied at the start, and <c>jobs/</c> for what running jobs keep. Readable for this user only. A lock file keeps a second host out, whose recovery would disturb the first one's jobs.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    public DataFolder(IOptions<MedGenStorageOptions> options)
    {
        Root = Path.GetFullPath(options.Value.DataFolder);
        CreateFolder(Root);
        _lock = Lock(Path.Combine(Root, "medgen.lock"));
        CreateFolder(Artifacts);
        CreateFolder(Checkpoints);
        if (Directory.Exists(Work))
        {
            Directory.Delete(Work, recursive: true);
        }

        CreateFolder(Work);
        CreateFolder(Jobs);
    }

    public string Root { get; }

    public string DatabaseFile => Path.Combine(Root, "medgen.db");

    public string Artifacts => Path.Combine(Root, "artifacts");

    public string Checkpoints => Path.Combine(Root, "checkpoints");

    public string Work => Path.Combine(Root, "work");

    /// <summary>What running jobs keep over a restart, a folder each.</summary>
    public string Jobs => Path.Combine(Root, "jobs");

    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Options of a new file that only this user can read.</summary>
    public static FileStreamOptions NewFile(FileMode mode = FileMode.CreateNew, FileShare share = FileShare.None)
    {
        FileStreamOptions options = new() { Mode = mode, Access = FileAccess.ReadWrite, Share = share, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

    public void Dispose() => _lock.Dispose();

    private static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(path, NewFile(FileMode.OpenOrCreate));
        }
        catch (IOException exception)
        {
            throw new FailedPreconditionException("DATA_FOLDER_IN_USE", "The data folder is in use by another host.", exception);
        }
    }
}
