using MedGen.Sdk.Errors;

namespace MedGen.Media.Writing;

internal static class DiskFull
{
    public static ResourceExhaustedException Error(string fileName) =>
        new("DISK_FULL", $"{fileName} could not be written: no space is left on the disk. Nothing of it was kept.");
}
