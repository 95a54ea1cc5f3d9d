namespace MedGen.Cli;

/// <summary>What the process returns; documented in docs/cli.md.</summary>
internal static class ExitCode
{
    /// <summary>Everything that was asked for was done.</summary>
    public const int Success = 0;

    /// <summary>The command ran, and its answer is no: a verification failed, a check found something wrong, a job failed.</summary>
    public const int Negative = 1;

    /// <summary>The command line itself is wrong.</summary>
    public const int Usage = 2;

    /// <summary>An input is wrong: a value out of range, an unreadable file, a broken model folder.</summary>
    public const int InvalidInput = 3;

    /// <summary>Nothing has the id that was given.</summary>
    public const int NotFound = 4;

    /// <summary>Something that is needed is missing: no model, a disabled plugin, ffmpeg.</summary>
    public const int FailedPrecondition = 5;

    /// <summary>A limit is reached: queue, memory or disk. Later it may work.</summary>
    public const int ResourceExhausted = 6;

    /// <summary>The host, or a catalogue, cannot be reached.</summary>
    public const int Unreachable = 7;

    /// <summary>No identity, or no right.</summary>
    public const int Denied = 8;

    /// <summary>A time limit passed.</summary>
    public const int DeadlineExceeded = 9;

    /// <summary>Something that was stored is damaged or gone: the database, or a file's content.</summary>
    public const int DataLoss = 10;

    /// <summary>A defect: none of the above.</summary>
    public const int Internal = 70;

    /// <summary>Interrupted (Ctrl+C).</summary>
    public const int Cancelled = 130;
}
