using Microsoft.Extensions.Logging;

namespace MedGen.Storage;

/// <summary>Everything that this project logs. Event ids 4000 to 4099.</summary>
internal static partial class Log
{
    [LoggerMessage(4000, LogLevel.Information, "Storage is open; {Orphans} files without a record were deleted.")]
    public static partial void StorageOpened(ILogger logger, int orphans);
}
