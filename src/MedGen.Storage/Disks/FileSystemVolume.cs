namespace MedGen.Storage.Disks;

/// <summary>The real file system.</summary>
/// <param name="folder">The data folder.</param>
internal sealed class FileSystemVolume(DataFolder folder) : IVolume
{
    public VolumeSpace Read()
    {
        DriveInfo drive = new(folder.Root);
        (long Free, long Total)? files = OperatingSystem.IsLinux() ? FileCounts.Read(folder.Root) : null;
        return new VolumeSpace(drive.AvailableFreeSpace, drive.TotalSize, files?.Free, files?.Total);
    }

    public FileStream Create(string path, long bytes)
    {
        FileStreamOptions options = DataFolder.NewFile();
        options.PreallocationSize = bytes;
        return new FileStream(path, options);
    }

    public void Settle(string folder) => DurableNames.Flush(folder);
}
