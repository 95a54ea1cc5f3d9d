using System.Security.Cryptography;
using MedGen.Client;
using MedGen.Protos.V1;

namespace MedGen.Bench.Chaos;

/// <summary>Compares a host with what it has acknowledged, once all its jobs have ended.</summary>
internal sealed class ChaosVerdict(MedGenClient client, ChaosLedger ledger, string folder)
{
    public async Task<IReadOnlyList<string>> FindFaultsAsync()
    {
        List<string> faults = [];
        foreach ((string id, string hash) in ledger.Uploads)
        {
            if (await HashAsync(id) != hash)
            {
                faults.Add($"upload {id} is lost");
            }
        }

        foreach (string id in ledger.Deleted)
        {
            if (await HashAsync(id) is not null)
            {
                faults.Add($"artifact {id} is there, although it was deleted");
            }
        }

        string[] asked = [.. ledger.Generations.Values, .. ledger.Classifications.Values];
        foreach (string id in asked)
        {
            faults.AddRange(await FindFaultsOfJobAsync(id, ledger.Generations.Values.Contains(id)));
        }

        List<Job> jobs = await client.Jobs.ListAsync().ToListAsync();
        faults.AddRange(jobs.Where(job => !asked.Contains(job.JobId)).Select(job => $"job {job.JobId} was asked for once and is there twice"));
        if (asked.Distinct().Count() != asked.Length)
        {
            faults.Add("two keys stand for one job");
        }

        return faults;
    }

    private async Task<string?> HashAsync(string artifact)
    {
        string file = Path.Combine(folder, artifact);
        try
        {
            await client.Artifacts.DownloadAsync(artifact, file);
            return Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(file)));
        }
        catch (MedGenRpcException exception) when (exception.StatusCode == Grpc.Core.StatusCode.NotFound)
        {
            return null;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private async Task<List<string>> FindFaultsOfJobAsync(string id, bool isGeneration)
    {
        List<JobEvent> events = await client.Jobs.WatchAsync(id).ToListAsync();
        List<string> faults = [];
        if (events[^1].State?.State != JobState.Succeeded)
        {
            faults.Add($"job {id} ended as {events[^1].State?.State}: {events[^1].State?.Error?.Message}");
        }

        if (!events.Select(one => one.Number).SequenceEqual(Enumerable.Range(1, events.Count).Select(number => (long)number)))
        {
            faults.Add($"job {id} has a gap or a repetition in its events");
        }

        List<Finding> findings = [.. events.Where(one => one.Findings is { Interim: false }).SelectMany(one => one.Findings.Findings_)];
        if (findings.GroupBy(finding => finding).Any(same => same.Count() > 1))
        {
            faults.Add($"job {id} told a finding twice");
        }

        int results = events.Count(one => one.Result is not null);
        int stored = await client.Artifacts.ListAsync(new ListArtifactsRequest { JobId = id }).CountAsync();
        if ((results, stored) != (isGeneration ? (1, 1) : (0, 0)) || events.Count(one => one.AnalysisSummary is not null) != (isGeneration ? 0 : 1))
        {
            faults.Add($"job {id} has {results} results in its events and {stored} in the store");
        }

        return faults;
    }
}
