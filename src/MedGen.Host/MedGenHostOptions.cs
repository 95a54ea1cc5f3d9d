using System.Net;

namespace MedGen.Host;

/// <summary>Settings of a host. Checked by <see cref="MedGenHost.Build"/>, which refuses to build on any that is wrong.</summary>
public sealed record MedGenHostOptions
{
    /// <summary>
    /// Address to listen on. Default loopback, where without <see cref="TokenFile"/> everybody on this machine may do everything. Any other address
    /// needs <see cref="TokenFile"/>, and <see cref="CertificateFile"/> unless <see cref="AllowInsecure"/>.
    /// </summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Port for gRPC, 0 to 65,535; 0: any free one. Default 8470.</summary>
    public int GrpcPort { get; init; } = 8470;

    /// <summary>Port for plain HTTP, 0 to 65,535; 0: any free one. Default 8471.</summary>
    public int HttpPort { get; init; } = 8471;

    /// <summary>Folder for jobs, artifacts, the audit log and what is turned off; made when it is missing. Required.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Folders that hold plugins as <c>id/version/plugin.json</c>. Required, may be empty.</summary>
    public required IReadOnlyList<string> PluginFolders { get; init; }

    /// <summary>Folders of this machine that operators may name to read data sets from and write them to. Default: none; data sets are uploaded.</summary>
    public IReadOnlyList<string> DatasetFolders { get; init; } = [];

    /// <summary>Folder of the model, in the released MedGen or the diffusers layout; null: no model, nothing can be generated.</summary>
    public string? ModelFolder { get; init; }

    /// <summary>Device of the model: <c>cpu</c> or <c>cuda:N</c>. Default <c>cpu</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Number type of the transformer: <c>float32</c> or <c>bfloat16</c>. Default <c>float32</c>.</summary>
    public string DataType { get; init; } = "float32";

    /// <summary>Largest file that may be uploaded, in bytes; at least 1. 1 TiB at most. Default 2 GiB.</summary>
    public long MaxUploadBytes { get; init; } = 2L << 30;

    /// <summary>Jobs that may wait, 1 to 100,000; one more is refused with RESOURCE_EXHAUSTED. Default 64.</summary>
    public int MaxQueuedJobs { get; init; } = 64;

    /// <summary>Jobs that run at the same time, 1 to 64; one caller's are at least one fewer, so that there is a place for others. Default 8.</summary>
    public int MaxConcurrentJobs { get; init; } = 8;

    /// <summary>A running generation is saved every so many denoising steps, 0 to 200; 0: never. After a crash at most that many are done again. Default 5.</summary>
    public int CheckpointInterval { get; init; } = 5;

    /// <summary>Folders of the adapters (LoRA) that requests may name, each a file NAME.safetensors; where several have a name, the first counts. Default: none.</summary>
    public IReadOnlyList<string> AdapterFolders { get; init; } = [];

    /// <summary>
    /// Folder where the text encoder's rows of prompts are kept between runs, at most 1 GiB; null (default): in memory only. They tell about the prompts and outlive
    /// <see cref="JobRetention"/>: keep the folder as private, and empty it yourself.
    /// </summary>
    public string? EmbeddingFolder { get; init; }

    /// <summary>Bytes that model, sessions and intermediate results may take, 0 to 16 TiB; 0: four fifths of what the process may use. Default 0.</summary>
    public long MemoryLimitBytes { get; init; }

    /// <summary>
    /// JSON file of the callers' names, roles (<c>reader</c>, <c>operator</c>, <c>administrator</c>) and token hashes; null: no identity,
    /// loopback only.
    /// </summary>
    public string? TokenFile { get; init; }

    /// <summary>PEM file of the TLS certificate (with its chain); null: clear text.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM file of the certificate's private key; needed with <see cref="CertificateFile"/>.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Whether clear text is accepted beyond loopback, for instance behind a proxy that ends TLS.</summary>
    public bool AllowInsecure { get; init; }

    /// <summary>
    /// How long a job is kept after its end, with its events and its prompt, 0 to 3,650 days; 0: for ever. Artifacts stay until somebody deletes them.
    /// Default 30 days.
    /// </summary>
    public TimeSpan JobRetention { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long a stop waits for calls and jobs to reach their next step. Above 0, at most 10 min. Default 30 s.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
