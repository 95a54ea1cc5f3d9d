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

        (string Id, Answers Due)[] due =
        [
            .. ledger.Generations.Values.Select(id => (id, new Answers(Files: 1, Analyses: 0, Augmentations: 0))),
            .. ledger.Classifications.Values.Select(id => (id, new Answers(Files: 0, Analyses: 1, Augmentations: 0))),
            .. ledger.Augmentations.Values.Select(id => (id, new Answers(Files: 1, Analyses: 0, Augmentations: 1))),
        ];
        foreach ((string id, Answers answers) in due)
        {
            faults.AddRange(await FindFaultsOfJobAsync(id, answers));
        }

        string[] asked = [.. due.Select(job => job.Id)];

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

    private async Task<List<string>> FindFaultsOfJobAsync(string id, Answers due)
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

        Answers told = new(
            events.Count(one => one.Result is not null), events.Count(one => one.AnalysisSummary is not null),
            events.Count(one => one.AugmentationSummary is not null));
        int stored = await client.Artifacts.ListAsync(new ListArtifactsRequest { JobId = id }).CountAsync();
        if (told != due || stored != due.Files)
        {
            faults.Add($"job {id} has told {told} and has {stored} files in the store, due is {due}");
        }

        return faults;
    }

    /// <summary>How often a job tells each of its results.</summary>
    private sealed record Answers(int Files, int Analyses, int Augmentations);
}
