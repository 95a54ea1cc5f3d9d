namespace MedGen.Host.Configuration;

/// <summary>A setting of a host, its value, and where that came from.</summary>
public sealed record EffectiveSetting
{
    /// <summary>The key, as in the configuration file, with a dot before each inner name: <c>jobs.max_queued_jobs</c>.</summary>
    public required string Key { get; init; }

    /// <summary>The value as the file spells it; of a secret, that it is hidden; empty: none.</summary>
    public required string Value { get; init; }

    /// <summary><c>default</c>, the file, the environment variable or the option of the command line.</summary>
    public required string Source { get; init; }

    /// <summary>What is allowed.</summary>
    public required string Allowed { get; init; }

    /// <summary>Whether a change takes effect without a restart.</summary>
    public required bool IsReloadable { get; init; }
}
