namespace MedGen.Cli.Doctor;

/// <summary>How a check stands.</summary>
internal enum CheckStatus
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Works, but something is short or missing that some commands need.</summary>
    Warning,

    /// <summary>Does not work until the cure is applied.</summary>
    Failed,
}
