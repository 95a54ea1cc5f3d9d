using System.ComponentModel.DataAnnotations;
using MedGen.Sdk.Generation;

namespace MedGen.Application;

/// <summary>Limits of the job queue. Checked when the host starts.</summary>
public sealed class MedGenApplicationOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "MedGen:Jobs";

    /// <summary>Jobs that run at the same time, 1 to 64; they take turns on the device, step by step. Default 8.</summary>
    [Range(1, 64)]
    public int MaxConcurrentJobs { get; set; } = 8;

    /// <summary>
    /// Jobs of one caller that run at the same time, 1 to 64; fewer than of all, so that there is a place for somebody else. Default 7.
    /// </summary>
    [Range(1, 64)]
    public int MaxConcurrentJobsPerCaller { get; set; } = 7;

    /// <summary>Jobs that may wait, 1 to 100,000. Default 64.</summary>
    [Range(1, 100_000)]
    public int MaxQueuedJobs { get; set; } = 64;

    /// <summary>Jobs of one caller that may wait, 1 to 100,000. Default 32.</summary>
    [Range(1, 100_000)]
    public int MaxQueuedJobsPerCaller { get; set; } = 32;

    /// <summary>Jobs of one tenant that run at the same time, 1 to 64. Default 64: only the other limits count.</summary>
    [Range(1, 64)]
    public int MaxConcurrentJobsPerTenant { get; set; } = 64;

    /// <summary>Jobs of one tenant that may wait, 1 to 100,000. Default 100,000: only the other limits count.</summary>
    [Range(1, 100_000)]
    public int MaxQueuedJobsPerTenant { get; set; } = 100_000;

    /// <summary>Bytes of artifacts that one caller may store, 0 to 1 PiB; 0 (default): no limit.</summary>
    [Range(0L, 1L << 50)]
    public long MaxStoredBytesPerCaller { get; set; }

    /// <summary>Bytes of artifacts that one tenant may store, 0 to 1 PiB; 0 (default): no limit.</summary>
    [Range(0L, 1L << 50)]
    public long MaxStoredBytesPerTenant { get; set; }

    /// <summary>
    /// Whether callers see their own jobs and artifacts only, and what was shared with them; administrators see all of their tenant's. Default false:
    /// everybody sees everything of the tenant, as in a single department.
    /// </summary>
    public bool OwnersOnly { get; set; }

    /// <summary>
    /// How long records stay in the audit log before they are moved to an archive file in the data folder, 0 to 36,500 days; 0 (default): for ever.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "36500.00:00:00")]
    public TimeSpan AuditRetention { get; set; }

    /// <summary>
    /// Streams (watched jobs, live classifications, uploads, downloads) that one caller may hold open at once, 1 to 10,000. Default 100.
    /// </summary>
    [Range(1, 10_000)]
    public int MaxStreamsPerCaller { get; set; } = 100;

    /// <summary>Frames that waiting and running jobs may generate in all, 257 (one largest clip) to 10,000,000. Default 16,384.</summary>
    [Range(GenerationLimits.MaxFrames, 10_000_000)]
    public int MaxGeneratedFrames { get; set; } = 16_384;

    /// <summary>
    /// Folders of this machine that callers may name to read data sets from and write them to, as full paths, or as TENANT=PATH for one tenant.
    /// Default: none; data sets are uploaded.
    /// </summary>
    public IList<string> DatasetFolders { get; } = [];

    /// <summary>Tenants that have adapters of their own beside those of everybody.</summary>
    public ISet<string> AdapterTenants { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>
    /// Whether links in data sets are followed out of <see cref="DatasetFolders"/>: right where the host runs for the one who asks, as in the command
    /// that started it. Default false: such a link is refused.
    /// </summary>
    public bool FollowDatasetLinks { get; set; }

    /// <summary>When a refused caller is told to try again, 1 s to 1 h. Default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Starts of one job in a row that may end with a crash of the host, or of its device, without the job coming further, 1 to 100. Default 10.
    /// </summary>
    [Range(1, 100)]
    public int MaxAttempts { get; set; } = 10;

    /// <summary>
    /// A running generation is saved every so many denoising steps, 0 to 200; after a crash at most that many are done again. 0: never, it starts
    /// again. Default 5.
    /// </summary>
    [Range(0, 200)]
    public int CheckpointInterval { get; set; } = 5;

    /// <summary>
    /// How long a job is kept after its end, with its events and its stored request, 0 to 3,650 days; 0: for ever. Default 30 days. What it made is
    /// kept until somebody deletes it.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan JobRetention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long an uploaded file is kept, 0 (for ever, the default) to 36,500 days.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "36500.00:00:00")]
    public TimeSpan UploadRetention { get; set; }

    /// <summary>How long a generated clip is kept, 0 (for ever, the default) to 36,500 days.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "36500.00:00:00")]
    public TimeSpan GeneratedRetention { get; set; }

    /// <summary>How long the archive of an augmented data set is kept, 0 (for ever, the default) to 36,500 days.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "36500.00:00:00")]
    public TimeSpan DatasetRetention { get; set; }

    /// <summary>
    /// How long a plugin may take to end a call after it is told to, 0 to 10 min; then its caller waits no longer, and the call is counted against
    /// it. Default 10 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan CancellationGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a plugin may take to answer a question that comes before work, such as whether a request can be served, 1 s to 10 min; then it is
    /// told to end, and the caller gets an error. Default 30 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan AnswerLimit { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Least time between two kept events of progress, or of interim findings, of one job, 0 to 1 min. Default 250 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan ProgressInterval { get; set; } = TimeSpan.FromMilliseconds(250);
}
