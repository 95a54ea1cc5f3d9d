using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using MedGen.Application.Jobs;
using MedGen.Sdk.Analysis;

namespace MedGen.Application.Analysis;

/// <summary>What an analysis said before it was cut off. It starts from the beginning then, and does not say it again.</summary>
internal sealed class ToldBefore
{
    private const int PageSize = 500;

    // Half of a SHA-256 each: a million findings need 16 MB.
    private readonly HashSet<UInt128> _findings = [];

    /// <summary>Whether it had said that it was complete.</summary>
    public bool IsCompleted { get; private set; }

    public static async Task<ToldBefore> ReadAsync(IJobStore store, Job job, CancellationToken cancellationToken)
    {
        ToldBefore told = new();
        long after = 0;
        while (after < job.LastEvent)
        {
            IReadOnlyList<JobEvent> page = await store.ReadEventsAsync(job.Id, after, PageSize, cancellationToken).ConfigureAwait(false);
            if (page.Count == 0)
            {
                break;
            }

            foreach (JobEvent one in page)
            {
                told.Note(one.Payload);
            }

            after = page[^1].Number;
        }

        return told;
    }

    public bool Contains(Finding finding) => _findings.Count > 0 && _findings.Contains(Hash(finding));

    private void Note(JobEventPayload payload)
    {
        if (payload is FindingsReported { Interim: false } reported)
        {
            _findings.UnionWith(reported.Findings.Select(Hash));
        }

        IsCompleted |= payload is AnalysisFinished;
    }

    // A file is known by its place and name: its content is gone from the finding once it is stored.
    private static UInt128 Hash(Finding finding)
    {
        Finding plain = finding is ArtifactFinding file ? file with { ArtifactId = null } : finding;
        return MemoryMarshal.Read<UInt128>(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(plain, JobJson.Options)));
    }
}
