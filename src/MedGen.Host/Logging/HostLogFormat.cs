namespace MedGen.Host.Logging;

/// <summary>How a line of the log is written.</summary>
public enum HostLogFormat
{
    /// <summary>For people: one line of text.</summary>
    Text,

    /// <summary>For programs: one JSON object a line.</summary>
    Json,
}
