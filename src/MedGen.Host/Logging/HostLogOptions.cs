using System.ComponentModel.DataAnnotations;

namespace MedGen.Host.Logging;

/// <summary>What is logged, and how.</summary>
public sealed class HostLogOptions
{
    /// <summary>How a line is written; default <see cref="HostLogFormat.Text"/>.</summary>
    [EnumDataType(typeof(HostLogFormat))]
    public HostLogFormat Format { get; set; }

    /// <summary>The lowest level that is logged; default <see cref="LogLevel.Information"/>.</summary>
    [EnumDataType(typeof(LogLevel))]
    public LogLevel Level { get; set; } = LogLevel.Information;

    /// <summary>
    /// Levels of single projects or classes by the start of their name, for instance <c>MedGen.Runtime</c>. Names that start with <c>Microsoft</c>,
    /// <c>System</c> or <c>Grpc</c> can be made quieter only: their lines hold what callers wrote. Default: none.
    /// </summary>
    public IReadOnlyDictionary<string, LogLevel> Levels { get; set; } = new Dictionary<string, LogLevel>();
}
