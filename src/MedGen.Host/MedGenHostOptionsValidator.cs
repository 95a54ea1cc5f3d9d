using System.Net;
using MedGen.Application;
using MedGen.Datasets.Files;
using MedGen.PluginHost.Trust;
using MedGen.Sdk.Errors;
using MedGen.Storage;
using Microsoft.Extensions.Options;

namespace MedGen.Host;

/// <summary>
/// What must hold before a host may start. Ranges stand beside the properties, of the host and of the projects below; here is what they mean
/// together. Everything is named as in the configuration file.
/// </summary>
internal static class MedGenHostOptionsValidator
{
    public static void ThrowIfInvalid(MedGenHostOptions options)
    {
        Violations violations = Find(options);
        if (violations.Found.Count > 0)
        {
            throw new OptionsValidationException(
                nameof(MedGenHostOptions), typeof(MedGenHostOptions), violations.Found.Select(one => $"{one.Field}: {one.Description}"));
        }
    }

    public static Violations Find(MedGenHostOptions options)
    {
        Violations violations = new();
        CheckListening(options, violations);
        CheckCalls(options.Calls, violations);
        CheckFiles(options, violations);
        CheckTrust(options, violations);
        CheckTenants("runtime.adapter_folders", options.AdapterFolders, violations);
        CheckTenants("jobs.dataset_folders", options.DatasetFolders, violations);
        CheckCluster(options, violations);
        Declared("", options, violations);
        Declared("cluster.", options.Cluster, violations);
        Declared("limits.", options.Limits, violations);
        Declared("jobs.", MedGenPlatform.Jobs(options), violations);
        Declared("media.", MedGenPlatform.Media(options), violations);
        Declared("runtime.", MedGenPlatform.Runtime(options), violations);
        Declared("plugins.", MedGenPlatform.Plugins(options), violations);
        Declared("storage.", MedGenPlatform.Storage(options), violations);
        return violations;
    }

    private static void CheckListening(MedGenHostOptions options, Violations violations)
    {
        if (options.GrpcPort == options.HttpPort && options.GrpcPort != 0)
        {
            violations.Add("listen.http_port", $"got {options.HttpPort}, which is the gRPC port", $"another port, or 0 for any free one");
        }

        if (IPAddress.IsLoopback(options.Address))
        {
            return;
        }

        if (!options.AsksForCredentials)
        {
            violations.Add(
                "access.token_file", $"Listening on {options.Address} lets other machines in, so a token_file or an access_file is needed.");
        }

        if (options.CertificateFile is null && !options.AllowInsecure)
        {
            violations.Add(
                "listen.certificate_file",
                $"Listening on {options.Address} needs a certificate and its key, or allow_insecure to send tokens and images in clear text.");
        }
    }

    private static void CheckCluster(MedGenHostOptions options, Violations violations)
    {
        options.Cluster.Check(violations);
        if (options.Cluster.Servers is null)
        {
            violations.Require(
                MedGenPlatform.Storage(options).MaxCopiesBytes == 0, "storage.max_copies_bytes", $"got a limit for a host that is alone",
                $"0: its files are no copies");
            return;
        }

        violations.Require(
            MedGenPlatform.Storage(options).Database is not null, "storage.database", $"got none", $"the PostgreSQL database of the cluster");
        violations.Require(
            !IsInClear(options), "storage.database", $"got a database beyond this machine without TLS",
            $"SSL Mode=VerifyFull (or VerifyCA, Require) in a cluster");
        violations.Require(!options.ReadOnly, "cluster.servers", $"got servers for a host that only looks", $"none");

        // What would be one host's alone, and the others would not know of.
        violations.Require(
            MedGenPlatform.Jobs(options).AuditRetention == TimeSpan.Zero, "jobs.audit_retention", $"got another time",
            $"0 in a cluster: archives lie in the folder of one host");
        violations.Require(
            options.DicomRulesFile is null && !options.DicomWeb, "dicom.rules_file", $"got DICOM rules or dicom.web",
            $"none in a cluster: each host would send and fetch the same studies");
    }

    // What is no database at all is told elsewhere.
    private static bool IsInClear(MedGenHostOptions options)
    {
        try
        {
            return MedGenPlatform.Storage(options).IsDatabaseInClear;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static void CheckCalls(MedGenCalls calls, Violations violations)
    {
        const string Origins = "calls.grpc_web_origins";
        foreach ((int index, string origin) in calls.GrpcWebOrigins.Index())
        {
            // As browsers spell it: no path, no default port, small letters.
            bool isOrigin = Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https"
                && $"{uri!.Scheme}://{uri.Authority}" == origin;
            violations.Require(isOrigin, $"{Origins}[{index}]", $"got another text", $"an origin, https://HOST or https://HOST:PORT");
        }

        violations.Require(
            calls.GrpcWeb || calls.GrpcWebOrigins.Count == 0, Origins, $"got {calls.GrpcWebOrigins.Count}, and calls.grpc_web is false",
            $"none, unless calls.grpc_web is true");
    }

    // What lies in everybody's folder is everybody's, whatever the inner folder is said to be.
    private static void CheckTenants(string setting, IReadOnlyList<string> entries, Violations violations)
    {
        (string Real, TenantFolder Folder)[] folders;
        try
        {
            folders = [.. entries.Select(TenantFolder.Parse).Select(folder => (RealPath.Of(folder.Path), folder))];
        }
        catch (IOException circle)
        {
            violations.Add(setting, circle.Message);
            return;
        }

        foreach ((string real, TenantFolder folder) in folders.Where(one => one.Folder.Tenant is not null))
        {
            if (folders.FirstOrDefault(other => other.Folder.Tenant != folder.Tenant && Holds(other.Real, real)) is { Folder: { } outer })
            {
                violations.Add(
                    setting, $"'{folder.Path}' of {folder.Tenant} lies in '{outer.Path}' of {outer.Tenant ?? "everybody"}, who would reach it; "
                        + "keep them apart.");
            }
        }
    }

    private static bool Holds(string outer, string inner) =>
        (inner + Path.DirectorySeparatorChar).StartsWith(outer + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    // Damaged later, it keeps plugins out; now somebody is there to mend it.
    private static void CheckTrust(MedGenHostOptions options, Violations violations)
    {
        try
        {
            TrustStore.Load(MedGenPlatform.Plugins(options).TrustFile);
        }
        catch (InvalidInputException error)
        {
            violations.Add("plugins.trust_file", error.Message);
        }
    }

    private static void CheckFiles(MedGenHostOptions options, Violations violations)
    {
        if (string.IsNullOrWhiteSpace(options.DataFolder))
        {
            violations.Add("data_folder", $"got none", $"a folder");
        }

        if ((options.CertificateFile is null) != (options.KeyFile is null))
        {
            violations.Add("listen.key_file", "certificate_file and key_file are given together or not at all.");
        }

        MedGenStorageOptions storage = MedGenPlatform.Storage(options);
        if (storage.DatabasePasswordFile is not null && storage.Database is null)
        {
            violations.Add("storage.database_password_file", $"got one without storage.database", $"both, or none");
        }

        foreach ((string key, string? file) in new[]
        {
            ("listen.certificate_file", options.CertificateFile),
            ("listen.key_file", options.KeyFile),
            ("access.token_file", options.TokenFile),
            ("access.access_file", options.AccessFile),
            ("storage.database_password_file", storage.DatabasePasswordFile),
        })
        {
            if (file is not null && !File.Exists(file))
            {
                violations.Add(key, $"There is no file '{file}'.");
            }
        }
    }

    // Rules of the projects below name the property; people know the setting.
    private static void Declared(string prefix, object item, Violations violations)
    {
        Violations found = new();
        found.Declared(item);
        violations.AddRange(found.Found.Select(one => one with { Field = KeyOf(prefix + one.Field) }));
    }

    private static string KeyOf(string field) => field switch
    {
        "grpc_port" or "http_port" => "listen." + field,
        "min_free_bytes" or "scrub_interval" or "quarantine_retention" => "storage." + field,
        "max_upload_bytes" => "storage.max_artifact_bytes",
        "device" or "data_type" or "memory_limit_bytes" => "runtime." + field,
        "max_queued_jobs" or "max_concurrent_jobs" or "checkpoint_interval" or "job_retention"
            or "upload_retention" or "generated_retention" or "dataset_retention" => "jobs." + field,
        _ => field.Replace("_mi_b", "_mib", StringComparison.Ordinal),
    };
}
