namespace MedGen.Sdk.Errors;

/// <summary>
/// A weight file or model folder is broken or incomplete: bad header, missing shard, missing, unexpected or mis-shaped keys, NaN weights.
/// </summary>
/// <param name="fileName">File or folder name.</param>
/// <param name="message">What is wrong, with names, got and expected.</param>
/// <param name="innerException">The cause, for the log.</param>
public sealed class ModelFormatException(string fileName, string message, Exception? innerException = null)
    : MedGenException(ErrorCode.FailedPrecondition, "MODEL_FORMAT", message, innerException)
{
    /// <summary>File or folder name.</summary>
    public string FileName { get; } = fileName;
}
