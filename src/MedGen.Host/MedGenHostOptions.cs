using System.ComponentModel.DataAnnotations;
using System.Net;
using MedGen.Application;
using MedGen.Cluster;
using MedGen.Host.Configuration;
using MedGen.Host.Limits;
using MedGen.Host.Logging;
using MedGen.Host.Telemetry;
using MedGen.Media;
using MedGen.PluginHost;
using MedGen.Runtime;
using MedGen.Storage;

namespace MedGen.Host;

/// <summary>Settings of a host. Checked by <see cref="MedGenHost.Build"/>, which refuses to build on any that is wrong.</summary>
public sealed record MedGenHostOptions
{
    /// <summary>
    /// Address to listen on. Default loopback, where without <see cref="TokenFile"/> and <see cref="AccessFile"/> everybody on this machine may do
    /// everything. Any other address needs one of them, and <see cref="CertificateFile"/> unless <see cref="AllowInsecure"/>.
    /// </summary>
    [Setting("listen.address")]
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Port for gRPC, 0 to 65,535; 0: any free one. Default 8470.</summary>
    [Setting("listen.grpc_port")]
    [Range(0, IPEndPoint.MaxPort)]
    public int GrpcPort { get; init; } = 8470;

    /// <summary>Port for plain HTTP, 0 to 65,535; 0: any free one. Default 8471.</summary>
    [Setting("listen.http_port")]
    [Range(0, IPEndPoint.MaxPort)]
    public int HttpPort { get; init; } = 8471;

    /// <summary>
    /// Folder for jobs, artifacts, the audit log and what is turned off; made when it is missing, and refused when it is neither empty nor a data
    /// folder. Required.
    /// </summary>
    public required string DataFolder { get; init; }

    /// <summary>
    /// Whether the data folder is only looked at: no job runs, nothing in it is made, changed or deleted, and calls that would are refused. Default
    /// false.
    /// </summary>
    public bool ReadOnly { get; init; }

    /// <summary>Folders that hold plugins as <c>id/version/plugin.json</c>. Required, may be empty.</summary>
    [Setting("plugins.folders")]
    public required IReadOnlyList<string> PluginFolders { get; init; }

    /// <summary>
    /// Folders of this machine that callers may name to read data sets from and write them to, as full paths or, for one tenant, as TENANT=PATH.
    /// Default: none; data sets are uploaded.
    /// </summary>
    [Setting("jobs.dataset_folders")]
    public IReadOnlyList<string> DatasetFolders { get; init; } = [];

    /// <summary>
    /// Whether links in data sets are followed out of <see cref="DatasetFolders"/>: right only where callers have the rights of this process anyway.
    /// Default false: such a link is refused.
    /// </summary>
    public bool FollowDatasetLinks { get; init; }

    /// <summary>Folder of the model, or a medgen.json that names its files; null: no model, nothing can be generated.</summary>
    [Setting("runtime.model_folder")]
    public string? ModelFolder { get; init; }

    /// <summary>Device of the model: <c>cpu</c> or <c>cuda:N</c>. Default <c>cpu</c>.</summary>
    [Setting("runtime.device")]
    [RegularExpression("cpu|cuda(:[0-9]{1,2})?", ErrorMessage = "Device is cpu or cuda:N.")]
    public string Device { get; init; } = "cpu";

    /// <summary>
    /// Number type of the transformer: <c>auto</c> (bfloat16 where the device has it in hardware, else float32), <c>float32</c> or <c>bfloat16</c>.
    /// Default <c>auto</c>.
    /// </summary>
    [Setting("runtime.data_type")]
    [AllowedValues("auto", "float32", "bfloat16")]
    public string DataType { get; init; } = "auto";

    /// <summary>Largest file that may be uploaded, in bytes; at least 1. 1 TiB at most. Default 2 GiB.</summary>
    [Setting("storage.max_artifact_bytes")]
    [Range(1L, 1L << 40)]
    public long MaxUploadBytes { get; init; } = 2L << 30;

    /// <summary>Jobs that may wait, 1 to 100,000; one more is refused with RESOURCE_EXHAUSTED. Default 64.</summary>
    [Setting("jobs.max_queued_jobs")]
    [Range(1, 100_000)]
    public int MaxQueuedJobs { get; init; } = 64;

    /// <summary>
    /// Jobs that run at the same time, 1 to 64; one caller's are at least one fewer, so that there is a place for others. Default 8.
    /// </summary>
    [Setting("jobs.max_concurrent_jobs")]
    [Range(1, 64)]
    public int MaxConcurrentJobs { get; init; } = 8;

    /// <summary>
    /// A running generation is saved every so many denoising steps, 0 to 200; 0: never. After a crash at most that many are done again. Default 5.
    /// </summary>
    [Setting("jobs.checkpoint_interval")]
    [Range(0, 200)]
    public int CheckpointInterval { get; init; } = 5;

    /// <summary>
    /// Folders of the adapters (LoRA) that requests may name, each a file NAME.safetensors; where several have a name, the first counts. As
    /// TENANT=PATH its adapters are that tenant's alone, and come before everybody's. Default: none.
    /// </summary>
    [Setting("runtime.adapter_folders")]
    public IReadOnlyList<string> AdapterFolders { get; init; } = [];

    /// <summary>
    /// Folder where the text encoder's rows of prompts are kept between runs, at most 1 GiB; null (default): in memory only. They tell about the
    /// prompts and outlive
    /// <see cref="JobRetention"/>: keep the folder as private, and empty it yourself.
    /// </summary>
    [Setting("runtime.embedding_folder")]
    public string? EmbeddingFolder { get; init; }

    /// <summary>
    /// Bytes that model, sessions and intermediate results may take, 0 to 16 TiB; 0: four fifths of what the process may use. Default 0.
    /// </summary>
    [Setting("runtime.memory_limit_bytes")]
    [Range(0L, 1L << 44)]
    public long MemoryLimitBytes { get; init; }

    /// <summary>
    /// JSON file of the holders of API keys: names, roles, tenants and hashes of the keys (docs/security.md); null: there are none. Read again when
    /// it changes.
    /// </summary>
    [Setting("access.token_file")]
    public string? TokenFile { get; init; }

    /// <summary>
    /// JSON file of trusted token issuers and client certificates, of who has which role, and of what each role may ask for (docs/security.md); null:
    /// API keys only. Read again when it changes.
    /// </summary>
    [Setting("access.access_file")]
    public string? AccessFile { get; init; }

    /// <summary>Whether the HTTP port serves DICOMweb (STOW-RS, QIDO-RS, WADO-RS) below <c>/dicom-web</c>. Default false.</summary>
    [Setting("dicom.web")]
    public bool DicomWeb { get; init; }

    /// <summary>
    /// JSON file of archives, and of what is done with DICOM studies that come in (docs/dicom.md); null: there is none. Read again when it changes.
    /// </summary>
    [Setting("dicom.rules_file")]
    public string? DicomRulesFile { get; init; }

    /// <summary>The other hosts that this one works with; by default none.</summary>
    public ClusterOptions Cluster { get; init; } = new();

    /// <summary>Calls that other clients know.</summary>
    public MedGenCalls Calls { get; init; } = new();

    /// <summary>What curations may use.</summary>
    public MedGenCuration Curation { get; init; } = new();

    /// <summary>How many connections and calls there may be at once.</summary>
    public MedGenCallLimits Limits { get; init; } = new();

    /// <summary>PEM file of the TLS certificate (with its chain); null: clear text.</summary>
    [Setting("listen.certificate_file")]
    public string? CertificateFile { get; init; }

    /// <summary>PEM file of the certificate's private key; needed with <see cref="CertificateFile"/>.</summary>
    [Setting("listen.key_file")]
    public string? KeyFile { get; init; }

    /// <summary>Whether clear text is accepted beyond loopback, for instance behind a proxy that ends TLS.</summary>
    [Setting("listen.allow_insecure")]
    public bool AllowInsecure { get; init; }

    /// <summary>Whether the web console is served at <c>/</c> of the HTTP port (docs/console.md). Default false.</summary>
    [Setting("listen.console")]
    public bool Console { get; init; }

    /// <summary>
    /// How long a job is kept after its end, with its events and its prompt, 0 to 3,650 days; 0: for ever. Default 30
    /// days.
    /// </summary>
    [Setting("jobs.job_retention")]
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan JobRetention { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Whether callers must say who they are.</summary>
    internal bool AsksForCredentials => TokenFile is not null || AccessFile is not null;

    /// <summary>
    /// Bytes of the disk that have to stay free: what would leave less is refused, and readiness is false. 0 to 1 PiB. Default 256 MiB.
    /// </summary>
    [Setting("storage.min_free_bytes")]
    [Range(0L, 1L << 50)]
    public long MinFreeBytes { get; init; } = 256L << 20;

    /// <summary>Time from one scrub of all stored files to the next, 0 (never) to 365 days. Default 7 days.</summary>
    [Setting("storage.scrub_interval")]
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan ScrubInterval { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long an unexplained file stays in quarantine, 0 (for ever) to 3,650 days. Default 30 days.</summary>
    [Setting("storage.quarantine_retention")]
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan QuarantineRetention { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long an uploaded file is kept, 0 (for ever, the default) to 36,500 days. Files on legal hold stay.</summary>
    [Setting("jobs.upload_retention")]
    [Range(typeof(TimeSpan), "00:00:00", "36500.00:00:00")]
    public TimeSpan UploadRetention { get; init; }

    /// <summary>As <see cref="UploadRetention"/>, of generated clips.</summary>
    [Setting("jobs.generated_retention")]
    [Range(typeof(TimeSpan), "00:00:00", "36500.00:00:00")]
    public TimeSpan GeneratedRetention { get; init; }

    /// <summary>As <see cref="UploadRetention"/>, of archives of augmented data sets.</summary>
    [Setting("jobs.dataset_retention")]
    [Range(typeof(TimeSpan), "00:00:00", "36500.00:00:00")]
    public TimeSpan DatasetRetention { get; init; }

    /// <summary>How long a stop waits for calls and jobs to reach their next step. 1 s to 10 min. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Further limits of jobs; null: their defaults. What this record says itself is set first.</summary>
    public Action<MedGenApplicationOptions>? Jobs { get; init; }

    /// <summary>Limits of decoding and encoding; null: their defaults.</summary>
    public Action<MediaOptions>? Media { get; init; }

    /// <summary>Further limits of the device; null: their defaults. What this record says itself is set first.</summary>
    public Action<MedGenRuntimeOptions>? Runtime { get; init; }

    /// <summary>Further settings of plugins; null: their defaults. What this record says itself is set first.</summary>
    public Action<PluginHostOptions>? Plugins { get; init; }

    /// <summary>Further settings of storage; null: their defaults. What this record says itself is set first.</summary>
    public Action<MedGenStorageOptions>? Storage { get; init; }

    /// <summary>What is logged, and how; it counts where a program adds the host's log by <see cref="HostLog.AddHostLog"/>.</summary>
    public HostLogOptions Logging { get; init; } = new();

    /// <summary>Where traces and metrics go; default: nowhere.</summary>
    public TelemetryOptions Telemetry { get; init; } = new();
}
