namespace MedGen.Storage.Disks;

/// <summary>What is free of a file system.</summary>
/// <param name="FreeBytes">Bytes that this user can still write.</param>
/// <param name="TotalBytes">Its size in bytes.</param>
/// <param name="FreeFiles">Files that can still be made (inodes); null: there is no limit, or it is not told.</param>
/// <param name="TotalFiles">Files that it can hold in all; null as before.</param>
internal sealed record VolumeSpace(long FreeBytes, long TotalBytes, long? FreeFiles, long? TotalFiles);
