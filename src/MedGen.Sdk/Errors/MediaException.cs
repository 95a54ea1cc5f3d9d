namespace MedGen.Sdk.Errors;

/// <summary>
/// A media file cannot be read or written. The message names the file (its name, not its folder), what was found in it and why it fails.
/// </summary>
/// <param name="fileName">Name of the file without its folder.</param>
/// <param name="message">What was found and why it cannot be used.</param>
/// <param name="innerException">The cause, for the log.</param>
public sealed class MediaException(string fileName, string message, Exception? innerException = null)
    : MedGenException(ErrorCode.InvalidArgument, "MEDIA_UNREADABLE", message, innerException)
{
    /// <summary>Name of the file without its folder.</summary>
    public string FileName { get; } = fileName;
}
