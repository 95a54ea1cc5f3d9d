using System.ComponentModel.DataAnnotations;

namespace MedGen.Application;

/// <summary>Limits of the job queue. Checked when the host starts.</summary>
public sealed class MedGenApplicationOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "MedGen:Jobs";

    /// <summary>Jobs that run at the same time, 1 to 64; they take turns on the device, step by step. Default 8.</summary>
    [Range(1, 64)]
    public int MaxConcurrentJobs { get; set; } = 8;

    /// <summary>Jobs of one caller that run at the same time, 1 to 64; fewer than of all, so that there is a place for somebody else. Default 7.</summary>
    [Range(1, 64)]
    public int MaxConcurrentJobsPerCaller { get; set; } = 7;

    /// <summary>Jobs that may wait, 1 to 100,000. Default 64.</summary>
    [Range(1, 100_000)]
    public int MaxQueuedJobs { get; set; } = 64;

    /// <summary>Jobs of one caller that may wait, 1 to 100,000. Default 32.</summary>
    [Range(1, 100_000)]
    public int MaxQueuedJobsPerCaller { get; set; } = 32;

    /// <summary>Streams (watched jobs, live classifications, uploads) that one caller may hold open at once, 1 to 10,000. Default 100.</summary>
    [Range(1, 10_000)]
    public int MaxStreamsPerCaller { get; set; } = 100;

    /// <summary>Frames that waiting and running jobs may generate in all, 257 (one largest clip) to 10,000,000. Default 16,384.</summary>
    [Range(257, 10_000_000)]
    public int MaxGeneratedFrames { get; set; } = 16_384;

    /// <summary>Bytes that must be free on the disk before a request that writes files is admitted, 0 to 1 PiB. Default 256 MiB.</summary>
    [Range(0L, 1L << 50)]
    public long MinFreeDiskBytes { get; set; } = 256L << 20;

    /// <summary>
    /// Folders of this machine that callers with the role operator may name to read data sets from and write them to. Default: none; data sets are uploaded.
    /// </summary>
    public IList<string> DatasetFolders { get; } = [];

    /// <summary>When a refused caller is told to try again, 1 s to 1 h. Default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Starts of one job in a row that may end with a crash of the host, or of its device, without the job coming further, 1 to 100. Default 10.</summary>
    [Range(1, 100)]
    public int MaxAttempts { get; set; } = 10;

    /// <summary>
    /// A running generation is saved every so many denoising steps, 0 to 200; after a crash at most that many are done again. 0: never, it starts again.
    /// Default 5.
    /// </summary>
    [Range(0, 200)]
    public int CheckpointInterval { get; set; } = 5;

    /// <summary>
    /// How long a job is kept after its end, with its events and its stored request, 0 to 3,650 days; 0: for ever. Default 30 days. What it made is kept
    /// until somebody deletes it.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan JobRetention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Least time between two kept events of progress, or of single frames, of one job, 0 to 1 min. Default 250 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan ProgressInterval { get; set; } = TimeSpan.FromMilliseconds(250);
}
