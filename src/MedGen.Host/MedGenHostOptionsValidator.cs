using System.Net;
using Microsoft.Extensions.Options;

namespace MedGen.Host;

/// <summary>What must hold before a host may start.</summary>
internal static class MedGenHostOptionsValidator
{
    private static readonly TimeSpan LongestJobRetention = TimeSpan.FromDays(3650);

    public static void ThrowIfInvalid(MedGenHostOptions options)
    {
        string[] failures = [.. Check(options)];
        if (failures.Length > 0)
        {
            throw new OptionsValidationException(nameof(MedGenHostOptions), typeof(MedGenHostOptions), failures);
        }
    }

    private static IEnumerable<string> Check(MedGenHostOptions options)
    {
        foreach ((string name, int port) in new[] { (nameof(options.GrpcPort), options.GrpcPort), (nameof(options.HttpPort), options.HttpPort) })
        {
            if (port is < 0 or > IPEndPoint.MaxPort)
            {
                yield return $"{name} is {port}; allowed are 0 (any free one) to {IPEndPoint.MaxPort}.";
            }
        }

        if (options.GrpcPort == options.HttpPort && options.GrpcPort != 0)
        {
            yield return $"{nameof(options.GrpcPort)} and {nameof(options.HttpPort)} are both {options.GrpcPort}; they must differ.";
        }

        if (string.IsNullOrWhiteSpace(options.DataFolder))
        {
            yield return $"{nameof(options.DataFolder)} is empty; a folder is needed.";
        }

        if (options.MaxUploadBytes < 1)
        {
            yield return $"{nameof(options.MaxUploadBytes)} is {options.MaxUploadBytes}; at least 1 is needed.";
        }

        if (options.ShutdownTimeout <= TimeSpan.Zero || options.ShutdownTimeout > TimeSpan.FromMinutes(10))
        {
            yield return $"{nameof(options.ShutdownTimeout)} is {options.ShutdownTimeout}; allowed are more than 0 to 10 minutes.";
        }

        if (options.MaxConcurrentJobs is < 1 or > 64)
        {
            yield return $"{nameof(options.MaxConcurrentJobs)} is {options.MaxConcurrentJobs}; allowed are 1 to 64.";
        }

        if (options.CheckpointInterval is < 0 or > 200)
        {
            yield return $"{nameof(options.CheckpointInterval)} is {options.CheckpointInterval}; allowed are 0 (never) to 200.";
        }

        if (options.MemoryLimitBytes is < 0 or > 1L << 44)
        {
            yield return $"{nameof(options.MemoryLimitBytes)} is {options.MemoryLimitBytes}; allowed are 0 (four fifths of what there is) to {1L << 44}.";
        }

        if (options.JobRetention < TimeSpan.Zero || options.JobRetention > LongestJobRetention)
        {
            yield return $"{nameof(options.JobRetention)} is {options.JobRetention.TotalDays:0.###} days; allowed are 0 (for ever) to {LongestJobRetention.TotalDays:0}.";
        }

        if ((options.CertificateFile is null) != (options.KeyFile is null))
        {
            yield return $"{nameof(options.CertificateFile)} and {nameof(options.KeyFile)} are given together or not at all.";
        }

        foreach ((string name, string? file) in new[]
        {
            (nameof(options.CertificateFile), options.CertificateFile),
            (nameof(options.KeyFile), options.KeyFile),
            (nameof(options.TokenFile), options.TokenFile),
        })
        {
            if (file is not null && !File.Exists(file))
            {
                yield return $"{name}: there is no file '{file}'.";
            }
        }

        if (!IPAddress.IsLoopback(options.Address))
        {
            if (options.TokenFile is null)
            {
                yield return $"Listening on {options.Address} lets other machines in, so {nameof(options.TokenFile)} is needed to know who calls.";
            }

            if (options.CertificateFile is null && !options.AllowInsecure)
            {
                yield return $"Listening on {options.Address} needs {nameof(options.CertificateFile)} and {nameof(options.KeyFile)}, or " +
                    $"{nameof(options.AllowInsecure)} to send tokens and images in clear text.";
            }
        }
    }
}
