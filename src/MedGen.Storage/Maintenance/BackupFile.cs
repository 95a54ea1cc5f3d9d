namespace MedGen.Storage.Maintenance;

/// <summary>A file of a backup.</summary>
/// <param name="Path">Where it lies, in the backup as in the data folder, with forward slashes.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its hash, 64 lower-case hex digits.</param>
internal sealed record BackupFile(string Path, long Bytes, string Sha256);
