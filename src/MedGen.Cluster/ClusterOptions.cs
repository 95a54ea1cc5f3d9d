using System.ComponentModel.DataAnnotations;
using System.Net;
using MedGen.Cluster.S3;
using MedGen.Sdk.Errors;

namespace MedGen.Cluster;

/// <summary>How a host joins others. Checked when it starts.</summary>
public sealed record ClusterOptions
{
    /// <summary>
    /// NATS servers of the cluster with JetStream, as <c>tls://HOST:PORT</c>, with commas between; <c>nats://</c>, which is clear text, to loopback
    /// alone. Null (default): this host is alone. With servers, the records have to be in PostgreSQL (<c>storage.database</c>).
    /// </summary>
    public string? Servers { get; init; }

    /// <summary>What the host does: takes requests (front), runs jobs (worker) or both. Default both.</summary>
    public ClusterRole Role { get; init; } = ClusterRole.Both;

    /// <summary>Class of the host's device, such as <c>h100</c>: a label of its metrics, and in the status; null (default): none.</summary>
    [RegularExpression("^[A-Za-z0-9._-]{1,40}$", ErrorMessage = "The field DeviceClass is 1 to 40 letters, digits, dots, hyphens and underscores.")]
    public string? DeviceClass { get; init; }

    /// <summary>Name of the host for people, also to drain it by; null (default): the name of the machine.</summary>
    [RegularExpression("^[A-Za-z0-9._-]{1,60}$", ErrorMessage = "The field HostName is 1 to 60 letters, digits, dots, hyphens and underscores.")]
    public string? HostName { get; init; }

    /// <summary>Copies of each file that the servers keep, 1 to 5; 0 (default): as many as servers are named, at most 3.</summary>
    [Range(0, 5)]
    public int Replicas { get; init; }

    /// <summary>A host that was not heard of for so long counts as dead, and its jobs are taken over: 2 s to 5 min. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:05:00")]
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>NATS credentials (JWT and NKey) of this host; null (default): none.</summary>
    public string? CredentialsFile { get; init; }

    /// <summary>Name of this host's NATS user; null (default): none. Needs <see cref="PasswordFile"/>.</summary>
    public string? User { get; init; }

    /// <summary>File with the password of <see cref="User"/>; null (default): none.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>PEM file of the certificate that this host shows to the servers; null (default): none. Needs <see cref="KeyFile"/>.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM file of the certificate's key; null (default): none.</summary>
    public string? KeyFile { get; init; }

    /// <summary>PEM file of the authority that the servers' certificates have to be of; null (default): those of the system.</summary>
    public string? AuthorityFile { get; init; }

    /// <summary>
    /// Where contents of artifacts lie: <c>s3://BUCKET</c> or <c>s3://BUCKET/PREFIX</c>; null (default): at the NATS servers. Checkpoints are always
    /// there.
    /// </summary>
    public string? Files { get; init; }

    /// <summary>
    /// Address of the S3 service, <c>https://HOST[:PORT]</c>, with the bucket in the path; <c>http://</c> to loopback alone; null (default): AWS.
    /// </summary>
    public string? FilesEndpoint { get; init; }

    /// <summary>Region that requests to the S3 service are signed for. Default <c>us-east-1</c>.</summary>
    [RegularExpression("^[a-z0-9-]{1,40}$", ErrorMessage = "The field FilesRegion is 1 to 40 small letters, digits and hyphens.")]
    public string FilesRegion { get; init; } = "us-east-1";

    /// <summary>
    /// File with the keys of the S3 service, as AWS's tools have it: <c>[default]</c>, <c>aws_access_key_id</c>, <c>aws_secret_access_key</c>; null
    /// (default): none. Needed with <see cref="Files"/>.
    /// </summary>
    public string? FilesCredentialsFile { get; init; }

    /// <summary>PEM file of the authority that the certificate of the S3 service has to be of; null (default): those of the system.</summary>
    public string? FilesAuthorityFile { get; init; }

    /// <summary>The servers, one by one; empty: none.</summary>
    internal IReadOnlyList<string> ServerList =>
        Servers?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    internal bool IsClear => ServerList.Any(server => server.StartsWith("nats://", StringComparison.Ordinal));

    internal int ReplicasOrDefault => Replicas > 0 ? Replicas : Math.Clamp(ServerList.Count, 1, 3);

    /// <summary>Adds what is wrong between the settings; ranges stand beside them.</summary>
    /// <param name="violations">Takes it.</param>
    public void Check(Violations violations)
    {
        ArgumentNullException.ThrowIfNull(violations);
        foreach (string server in ServerList)
        {
            // Its parts are told, never the whole: somebody may have put a password into it.
            bool isServer = Uri.TryCreate(server, UriKind.Absolute, out Uri? uri) && uri.Scheme is "nats" or "tls" && uri!.UserInfo.Length == 0;
            violations.Require(isServer, "cluster.servers", $"got another text", $"tls://HOST:PORT, with commas between, without a password");
            violations.Require(
                !isServer || uri!.Scheme == "tls" || IsLoopback(uri.Host), "cluster.servers", $"got nats://{uri?.Host}, which is clear text",
                $"tls://HOST:PORT; nats:// to loopback alone");
        }

        violations.Require(
            Servers is null || ServerList.Count > 0, "cluster.servers", $"got no server", $"at least one server");
        violations.Require(
            User is null == PasswordFile is null, "cluster.password_file", $"got one of user and password_file", $"both or none");
        violations.Require(
            CertificateFile is null == KeyFile is null, "cluster.key_file", $"got one of certificate_file and key_file", $"both or none");
        violations.Require(
            User is null || CredentialsFile is null, "cluster.user", $"got a user beside credentials_file", $"one of the two");
        violations.Require(
            ServerList.Count == 0 || !IsClear || (CertificateFile is null && AuthorityFile is null), "cluster.certificate_file",
            $"got a certificate or an authority for servers without TLS", $"none with nats://");
        RequireFile(violations, "cluster.credentials_file", CredentialsFile);
        RequireFile(violations, "cluster.password_file", PasswordFile);
        RequireFile(violations, "cluster.certificate_file", CertificateFile);
        RequireFile(violations, "cluster.key_file", KeyFile);
        RequireFile(violations, "cluster.authority_file", AuthorityFile);
        RequireFile(violations, "cluster.files_credentials_file", FilesCredentialsFile);
        RequireFile(violations, "cluster.files_authority_file", FilesAuthorityFile);
        CheckFiles(violations);
        if (Servers is not null)
        {
            return;
        }

        violations.Require(
            this == new ClusterOptions(), "cluster.servers", $"got none, and other settings of cluster", $"servers, or no setting of cluster at all");
    }

    private void CheckFiles(Violations violations)
    {
        if (Files is null)
        {
            violations.Require(
                (FilesEndpoint ?? FilesCredentialsFile ?? FilesAuthorityFile) is null && FilesRegion == new ClusterOptions().FilesRegion,
                "cluster.files", $"got none, and other settings of it", $"s3://BUCKET, or no setting of it at all");
            return;
        }

        Uri? endpoint = Uri.TryCreate(FilesEndpoint, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" ? uri : null;
        violations.Require(S3Place.TryParse(Files) is not null, "cluster.files", $"got another text", $"s3://BUCKET or s3://BUCKET/PREFIX");
        violations.Require(
            FilesEndpoint is null || endpoint is { AbsolutePath: "/", Query: "", UserInfo: "" }, "cluster.files_endpoint", $"got another text",
            $"https://HOST or https://HOST:PORT");
        violations.Require(
            endpoint is not { Scheme: "http" } || IsLoopback(endpoint.Host), "cluster.files_endpoint",
            $"got http://{endpoint?.Host}, which is clear text", $"https://HOST or https://HOST:PORT; http:// to loopback alone");
        violations.Require(
            FilesCredentialsFile is not null, "cluster.files_credentials_file", $"got none", $"a file with the keys of the S3 service");
        violations.Require(
            FilesAuthorityFile is null || endpoint is { Scheme: "https" }, "cluster.files_authority_file", $"got one without TLS to an endpoint",
            $"none, or files_endpoint with https://");
    }

    private static bool IsLoopback(string host) =>
        host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));

    private static void RequireFile(Violations violations, string key, string? file) =>
        violations.Require(file is null || File.Exists(file), key, $"got '{file}', which is not there", $"a file");
}
