using System.ComponentModel.DataAnnotations;
using System.Net;
using MedGen.Storage.Database;
using Npgsql;

namespace MedGen.Storage;

/// <summary>Where and how much is stored. Checked when the host starts.</summary>
public sealed class MedGenStorageOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "MedGen:Storage";

    /// <summary>
    /// Folder of the database and the artifacts; made, for this user only, when it is not there. One host at a time uses it. A folder that is neither
    /// empty nor a data folder is refused, and left as it is. Default: <c>medgen</c> in the user's local application data.
    /// </summary>
    [Required]
    public string DataFolder { get; set; } =
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "medgen");

    /// <summary>Whether the folder is only looked at: nothing in it is made, changed or deleted, and what would is refused. Default false.</summary>
    public bool ReadOnly { get; set; }

    /// <summary>
    /// PostgreSQL database for everything but the files, as <c>Host=…;Port=…;Database=…;Username=…</c>, without the password; null (default):
    /// SQLite in the data folder. A data folder and its database belong together for good.
    /// </summary>
    [PostgresServer]
    public string? Database { get; set; }

    /// <summary>File with the password of <see cref="Database"/>, read for each new connection; null (default): none is needed.</summary>
    public string? DatabasePasswordFile { get; set; }

    /// <summary>
    /// Id of this process among the hosts of a cluster that share <see cref="Database"/>; null (default): the database is this host's alone. Each
    /// host has a data folder of its own, whose files are copies.
    /// </summary>
    public string? ClusterHost { get; set; }

    /// <summary>Whether <see cref="Database"/> is beyond this machine and may be spoken to in clear text.</summary>
    public bool IsDatabaseInClear => Database is not null && new NpgsqlConnectionStringBuilder(Database) is var server
        && server.SslMode is not (SslMode.Require or SslMode.VerifyCA or SslMode.VerifyFull)
        && !server.Host!.StartsWith('/') && server.Host != "localhost"
        && !(IPAddress.TryParse(server.Host, out IPAddress? address) && IPAddress.IsLoopback(address));

    /// <summary>
    /// Bytes that the copies of contents may take which a host of a cluster has read or made, 0 (no limit, the default) to 1 PiB. What was not used
    /// for longest is deleted here, and fetched again when it is wanted.
    /// </summary>
    [Range(0L, 1L << 50)]
    public long MaxCopiesBytes { get; set; }

    /// <summary>Largest artifact in bytes, 1 to 1 TiB. Default 2 GiB.</summary>
    [Range(1L, 1L << 40)]
    public long MaxArtifactBytes { get; set; } = 2L << 30;

    /// <summary>
    /// File outside of the database that holds the newest signed checkpoint of the audit log, best on another machine's disk; null (default):
    /// <c>audit-anchor.json</c> in the data folder.
    /// </summary>
    public string? AuditAnchorFile { get; set; }

    /// <summary>
    /// Bytes of the disk that have to stay free: what would leave less is refused, and readiness is false. 0 to 1 PiB. Default 256 MiB.
    /// </summary>
    [Range(0L, 1L << 50)]
    public long MinFreeBytes { get; set; } = 256L << 20;

    /// <summary>
    /// Percent of the disk's bytes, and of its inodes, that have to stay free; of the bytes the larger of this and <see cref="MinFreeBytes"/> counts.
    /// 0 to 50. Default 1.
    /// </summary>
    [Range(0.0, 50.0)]
    public double MinFreePercent { get; set; } = 1;

    /// <summary>
    /// Bytes that are held back for deletions and audit records on a full disk, 0 (none) to 1 GiB. Default 8 MiB. File systems that cannot allocate
    /// beforehand, such as NFS, hold nothing back.
    /// </summary>
    [Range(0L, 1L << 30)]
    public long ReserveBytes { get; set; } = 8L << 20;

    /// <summary>How long a file stays in quarantine, 0 (for ever) to 3,650 days. Default 30 days.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan QuarantineRetention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Time from one scrub of all contents to the next, 0 (never) to 365 days. Default 7 days.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan ScrubInterval { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Bytes that the scrub reads in a second at most, 64 KiB to 100 GiB. Default 20 MiB.</summary>
    [Range(64L << 10, 100L << 30)]
    public long ScrubBytesPerSecond { get; set; } = 20L << 20;

    /// <summary>How long a statement waits for another process that holds the database, 1 s to 5 min. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
