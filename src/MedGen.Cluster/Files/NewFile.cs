namespace MedGen.Cluster.Files;

/// <summary>Files that this host fetches.</summary>
internal static class NewFile
{
    /// <summary>For this user only, as all files of a data folder.</summary>
    public static FileStream Create(string path)
    {
        FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }
}
