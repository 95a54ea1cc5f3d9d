namespace MedGen.Storage.Disks;

/// <summary>The file system under the data folder, as far as the store fills it. Tests put one in its place that is small or fails.</summary>
internal interface IVolume
{
    /// <summary>What is free.</summary>
    VolumeSpace Read();

    /// <summary>Makes a file that only this user can read.</summary>
    /// <param name="path">A path where no file is.</param>
    /// <param name="bytes">Bytes that it will have, taken from the free space at once where the file system can do that; 0: not known.</param>
    /// <exception cref="IOException">They are not free; there is no file then.</exception>
    FileStream Create(string path, long bytes);

    /// <summary>Returns when the names in a folder, new ones and those that are gone, survive a power cut.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="IOException">The disk refuses.</exception>
    void Settle(string folder);
}
