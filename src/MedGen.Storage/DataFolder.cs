using MedGen.Sdk.Errors;
using MedGen.Storage.Opening;
using MedGen.Storage.Signing;
using Microsoft.Extensions.Options;

namespace MedGen.Storage;

/// <summary>
/// The folder that holds everything, readable for this user only. A lock file keeps a second host out, whose recovery would disturb the first one's
/// jobs. A folder that is not ours is refused before anything in it is changed.
/// </summary>
internal sealed class DataFolder : DataPaths, IDisposable
{
    private readonly FileStream? _lock;
    /// <summary>What stands for the id of a folder in the records of a cluster, which no single folder has.</summary>
    public const string ClusterId = "cluster";

    private readonly string? _database;
    private FolderMark? _mark;

    public DataFolder(IOptions<MedGenStorageOptions> options)
        : base(Path.GetFullPath(options.Value.DataFolder))
    {
        IsReadOnly = options.Value.ReadOnly;
        _database = FolderMark.DatabaseOf(options.Value);
        _lock = File.Exists(LockFile) ? Lock() : null;
        try
        {
            _mark = FolderInspection.Require(this, _database);
            if (!IsReadOnly)
            {
                _lock ??= Take();
                Prepare();
            }
            else if (_database is null && !Path.Exists(DatabaseFile))
            {
                throw new FailedPreconditionException("DATA_FOLDER_MISSING", $"There is no data folder '{Root}' yet.");
            }
        }
        catch
        {
            _lock?.Dispose();
            throw;
        }
    }

    /// <summary>Whether it is only looked at: nothing in it is made, changed or deleted.</summary>
    public bool IsReadOnly { get; }

    /// <summary>Random id of the folder; empty before the mark is there.</summary>
    public string Id => IsOfCluster ? ClusterId : _mark?.Id ?? "";

    /// <summary>Whether it holds one host's copies of what a cluster shares.</summary>
    public bool IsOfCluster => _database == FolderMark.Cluster;

    /// <summary>Schema version to which the folder's database had been brought; 0: it is about to be made.</summary>
    public int Schema => _mark?.Schema ?? 0;

    /// <summary>Notes in the mark to which schema the database has been brought: an older one that takes its place later is refused.</summary>
    public void NoteSchema(int version)
    {
        if (_mark is { } mark && mark.Schema != version)
        {
            _mark = mark with { Schema = version };
            _mark.Write(Root);
        }
    }

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

    public void Dispose() => _lock?.Dispose();

    // Between the first look and the lock another host may have been here and gone: the folder is looked at again.
    private FileStream Take()
    {
        CreateFolder(Root);
        FileStream taken = Lock();
        try
        {
            _mark = FolderInspection.Require(this, _database);
            return taken;
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    private void Prepare()
    {
        if (_mark is null)
        {
            _mark = FolderMark.New(_database);
            _mark.Write(Root);
        }

        HostKey.MakeIfMissing(Root);
        foreach (string folder in new[] { Artifacts, Checkpoints, Work, Jobs })
        {
            CreateFolder(folder);
        }
    }

    private FileStream Lock() => IsReadOnly ? FolderLock.Share(this) : FolderLock.Take(this);
}
