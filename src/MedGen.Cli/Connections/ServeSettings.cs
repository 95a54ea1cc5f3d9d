using System.CommandLine;
using System.Globalization;
using MedGen.Host.Configuration;

namespace MedGen.Cli.Connections;

/// <summary>The options of <c>medgen serve</c>: each one is a setting of the configuration, and counts before the environment and the file.</summary>
internal sealed class ServeSettings
{
    private readonly Dictionary<Option, string> _keys;

    public ServeSettings()
    {
        _keys = new Dictionary<Option, string>
        {
            [Text("--address", "IP address to listen on; anything but loopback needs --tokens and TLS. Default 127.0.0.1.")] = "listen.address",
            [Number("--grpc-port", "Port for gRPC; 0: any free port. Default 8470.")] = "listen.grpc_port",
            [Number("--http-port", "Port for plain HTTP; 0: any free port. Default 8471.")] = "listen.http_port",
            [Text("--data-dir", "Folder for jobs, artifacts and the audit log.")] = "data_folder",
            [Texts("--plugins", "Plugin folders; default: those shipped with the command.")] = "plugins.folders",
            [Text("--model", "Model folder, or medgen.json that names its files; default: the one shipped with the command.")] =
                "runtime.model_folder",
            [Text("--device", "cpu or cuda:N. Default cpu.")] = "runtime.device",
            [Text("--dtype", "auto, float32 or bfloat16; auto (default): bfloat16 if the device supports it in hardware, otherwise float32.")] =
                "runtime.data_type",
            [Texts("--adapters", "Folders of adapters (LoRA), or TENANT=FOLDER: NAME.safetensors, NAME/*.safetensors; default: those shipped.")] =
                "runtime.adapter_folders",
            [Number("--checkpoint-interval", "Steps between checkpoints of a running generation, 0 to 200; 0: never. Default 5.")] =
                "jobs.checkpoint_interval",
            [Number("--memory-limit", "Bytes for model, sessions and intermediate results; 0 (default): four fifths of what is available.")] =
                "runtime.memory_limit_bytes",
            [Text("--embeddings", "Folder that keeps prompt embeddings between runs; default: none. The files reveal the prompts.")] =
                "runtime.embedding_folder",
            [Texts("--datasets", "Folders on this machine where callers may read and write data sets, or TENANT=FOLDER; default: none.")] =
                "jobs.dataset_folders",
            [Text("--tokens", "JSON file of API keys: callers, roles, tenants and key hashes (docs/security.md).")] = "access.token_file",
            [Text("--access", "JSON file of trusted token issuers and client certificates, roles and rights (docs/security.md).")] =
                "access.access_file",
            [Switch("--owners-only", "Callers see their own jobs and files only, and what was shared with them.")] = "jobs.owners_only",
            [Number("--max-stored-bytes-per-caller", "Bytes of files that one caller may store; 0 (default): no limit.")] =
                "jobs.max_stored_bytes_per_caller",
            [Number("--max-stored-bytes-per-tenant", "Bytes of files that one tenant may store; 0 (default): no limit.")] =
                "jobs.max_stored_bytes_per_tenant",
            [Text("--audit-anchor", "File of the audit log's newest signed checkpoint, best on another machine; default: in the data folder.")] =
                "storage.audit_anchor_file",
            [Number("--audit-retention", "Days until audit records are moved to an archive file; 0 (default): never.")] = "jobs.audit_retention",
            [Switch("--console", "Serves the web console at / of the HTTP port.")] = "listen.console",
            [Text("--database", "PostgreSQL database, as Host=…;Port=…;Database=…;Username=…; default: SQLite in the data folder.")] =
                "storage.database",
            [Text("--cluster", "NATS servers of a cluster, tls://HOST:PORT with commas between (docs/scale-out.md). Needs --database.")] =
                "cluster.servers",
            [Text("--role", "In a cluster: front takes requests, worker runs jobs, both (default).")] = "cluster.role",
            [Text("--device-class", "In a cluster: class of the device, such as h100, a label of its metrics.")] = "cluster.device_class",
            [Text("--certificate", "PEM file of the TLS certificate.")] = "listen.certificate_file",
            [Text("--key", "PEM file of the certificate's key.")] = "listen.key_file",
            [Switch("--allow-insecure", "Allows clear text beyond loopback, for instance behind a proxy that terminates TLS.")] =
                "listen.allow_insecure",
            [Number("--job-retention", "Days to keep an ended job with its events and prompt; 0: for ever. Default 30. Artifacts stay.")] =
                "jobs.job_retention",
            [Number("--min-free", "MiB of the disk that have to stay free. Default 256.")] = "storage.min_free_bytes",
            [Number("--scrub-days", "Days in which every stored file is read once and compared with its SHA-256; 0: never. Default 7.")] =
                "storage.scrub_interval",
            [Number("--quarantine-days", "Days to keep unexplained files in quarantine; 0: for ever. Default 30.")] =
                "storage.quarantine_retention",
            [Number("--keep-uploads", "Days to keep uploaded files; 0 (default): for ever.")] = "jobs.upload_retention",
            [Number("--keep-generated", "Days to keep generated clips; 0 (default): for ever.")] = "jobs.generated_retention",
            [Number("--keep-datasets", "Days to keep archives of augmented data sets; 0 (default): for ever.")] = "jobs.dataset_retention",
        };
    }

    public Option<string?> Config { get; } = new("--config")
    {
        Description = "JSON file of settings; environment variables MEDGEN_SERVE_… and the options here count before it ('medgen config keys').",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(Config);
        foreach (Option option in _keys.Keys)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Reads file, environment and command line.</summary>
    public HostConfiguration Load(ParseResult parsed) => Load(parsed.GetValue(Config), GivenIn(parsed));

    /// <summary>Reads a file and the environment.</summary>
    public static HostConfiguration Load(string? file) => Load(file, new Dictionary<string, IReadOnlyList<string>>());

    private static HostConfiguration Load(string? file, Dictionary<string, IReadOnlyList<string>> commandLine) => HostConfiguration.Load(
        file,
        HostConfiguration.ReadEnvironment(),
        commandLine,
        new Dictionary<string, IReadOnlyList<string>>
        {
            ["data_folder"] = [DefaultFolders.Data],
            ["plugins.folders"] = [DefaultFolders.Plugins],
            ["runtime.model_folder"] = [DefaultFolders.Model],
            ["runtime.adapter_folders"] = [DefaultFolders.Adapters],
        });

    private Dictionary<string, IReadOnlyList<string>> GivenIn(ParseResult parsed) => _keys
        .Select(pair => (pair.Value, Result: parsed.GetResult(pair.Key)))
        .Where(pair => pair.Result is { Implicit: false })
        .ToDictionary(pair => pair.Value, IReadOnlyList<string> (pair) => Texts(pair.Value, [.. pair.Result!.Tokens.Select(token => token.Value)]));

    private static string[] Texts(string key, string[] given) => key switch
    {
        "jobs.job_retention" or "jobs.audit_retention" or "jobs.upload_retention" or "jobs.generated_retention" or "jobs.dataset_retention"
            or "storage.scrub_interval" or "storage.quarantine_retention" =>
            [.. given.Select(days => days + "d")],
        "storage.min_free_bytes" => [.. given.Select(mebibytes => $"{long.Parse(mebibytes, CultureInfo.InvariantCulture) << 20}")],
        "listen.allow_insecure" or "listen.console" or "jobs.owners_only" => given.Length > 0 ? given : ["true"],
        _ => given,
    };

    private static Option<string?> Text(string name, string description) => new(name) { Description = description };

    private static Option<string[]> Texts(string name, string description) => new(name) { Description = description };

    private static Option<bool> Switch(string name, string description) => new(name) { Description = description };

    private static Option<long?> Number(string name, string description) => new(name) { Description = description };
}
