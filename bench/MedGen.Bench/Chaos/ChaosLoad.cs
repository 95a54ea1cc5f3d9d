using System.Security.Cryptography;
using MedGen.Client;
using MedGen.Datasets.Writing;
using MedGen.Protos.V1;

namespace MedGen.Bench.Chaos;

/// <summary>Callers that upload, generate, classify, augment and delete, one call after the other each, until the host is gone.</summary>
internal sealed class ChaosLoad(MedGenClient client, ChaosLedger ledger, string folder, Random random)
{
    private const int MostOpenJobs = 3;
    private const int LargestUpload = 400_000;

    private const string Spec =
        """
        { "clip": { "width": 64, "height": 64, "num_frames": 5 }, "balance": { "add_per_class": 1 }, "methods": [{ "type": "classic" }],
          "filters": { "quality": { "enabled": false }, "outliers": { "enabled": false } } }
        """;

    private readonly Lock _gate = new();

    public Task RunAsync(CancellationToken end) =>
        Task.WhenAll(
            RepeatAsync(UploadAsync, end), RepeatAsync(DeleteAsync, end), RepeatAsync(GenerateAsync, end), RepeatAsync(ClassifyAsync, end),
            RepeatAsync(AugmentAsync, end));

    /// <summary>Sends every request again whose answer was lost: its key stands for the same job.</summary>
    public async Task AskAgainAsync()
    {
        foreach (string key in ledger.Generations.Where(job => job.Value.Length == 0).Select(job => job.Key))
        {
            ledger.Generations[key] = await AcceptedAsync(client.Generation.GenerateAsync(Generation(key)));
        }

        foreach (string key in ledger.Classifications.Where(job => job.Value.Length == 0).Select(job => job.Key))
        {
            ledger.Classifications[key] = await AcceptedAsync(client.Analysis.AnalyzeAsync(Classification(key)));
        }

        foreach (string key in ledger.Augmentations.Where(job => job.Value.Length == 0).Select(job => job.Key))
        {
            ledger.Augmentations[key] = await AcceptedAsync(client.Augmentation.AugmentAsync(Augmentation(key)));
        }
    }

    private static async Task RepeatAsync(Func<Task> call, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                await call();
            }
            catch (MedGenRpcException exception) when (exception.StatusCode is Grpc.Core.StatusCode.ResourceExhausted)
            {
                // As full as it may be; the others go on.
            }
            catch (MedGenRpcException)
            {
                // The host was killed, and the answer with it.
                return;
            }

            await Task.Delay(100, CancellationToken.None);
        }
    }

    private static GenerateVideoRequest Generation(string key) => new()
    {
        Prompt = "Ultrasound: lung ultrasound, convex probe.",
        Width = 64,
        Height = 48,
        NumFrames = 9,
        NumInferenceSteps = 12,
        Seed = 1,
        Options = new JobOptions { IdempotencyKey = key },
    };

    // The clip's id is the second part of the key.
    private static AnalyzeVideoRequest Classification(string key) =>
        new() { Inputs = { new AnalysisInput { ArtifactId = key.Split('-')[1] } }, Task = "imaging-modality", Options = new JobOptions { IdempotencyKey = key } };

    private static AugmentDatasetRequest Augmentation(string key) =>
        new() { DatasetArtifactId = key.Split('-')[1], SpecJson = Spec, Options = new JobOptions { IdempotencyKey = key } };

    private static async Task<string> AcceptedAsync(IAsyncEnumerable<JobEvent> events)
    {
        await foreach (JobEvent one in events)
        {
            return one.Accepted.JobId;
        }

        throw new InvalidOperationException("The job was not accepted.");
    }

    private int Next(int below)
    {
        lock (_gate)
        {
            return random.Next(below);
        }
    }

    private async Task UploadAsync()
    {
        byte[] content = RandomNumberGenerator.GetBytes(1 + Next(LargestUpload));
        string file = Path.Combine(folder, $"{Guid.NewGuid():N}.bin");
        await File.WriteAllBytesAsync(file, content);
        try
        {
            Artifact artifact = await client.Artifacts.UploadAsync(file);
            ledger.Uploads[artifact.ArtifactId] = Convert.ToHexStringLower(SHA256.HashData(content));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private async Task DeleteAsync()
    {
        string[] ids = [.. ledger.Uploads.Keys];
        if (ids.Length < 4)
        {
            return;
        }

        string id = ids[Next(ids.Length)];
        ledger.Uploads.TryRemove(id, out _);
        try
        {
            await client.Artifacts.DeleteAsync(id);
            ledger.Deleted.Add(id);
        }
        catch (MedGenRpcException)
        {
            ledger.PerhapsDeleted.Add(id);
            throw;
        }
    }

    private async Task GenerateAsync()
    {
        if (await HasRoomAsync())
        {
            string key = $"{Guid.NewGuid():N}";
            ledger.Generations[key] = "";
            ledger.Generations[key] = await AcceptedAsync(client.Generation.GenerateAsync(Generation(key)));
        }
    }

    private async Task ClassifyAsync()
    {
        if (!await HasRoomAsync())
        {
            return;
        }

        // Not in the ledger's uploads: nobody deletes it while it is needed.
        Artifact clip = await client.Artifacts.UploadAsync(RepositoryFolder.Path("samples", "clips", "lung_ultrasound.mp4"));
        string key = $"{Guid.NewGuid():N}-{clip.ArtifactId}";
        ledger.Classifications[key] = "";
        ledger.Classifications[key] = await AcceptedAsync(client.Analysis.AnalyzeAsync(Classification(key)));
    }

    private async Task AugmentAsync()
    {
        if (!await HasRoomAsync())
        {
            return;
        }

        string tar = Path.Combine(folder, "lung.tar");
        if (!File.Exists(tar))
        {
            await DatasetTar.PackAsync(RepositoryFolder.Path("samples", "datasets", "lung"), tar, CancellationToken.None);
        }

        Artifact data = await client.Artifacts.UploadAsync(tar);
        string key = $"{Guid.NewGuid():N}-{data.ArtifactId}";
        ledger.Augmentations[key] = "";
        ledger.Augmentations[key] = await AcceptedAsync(client.Augmentation.AugmentAsync(Augmentation(key)));
    }

    private async Task<bool> HasRoomAsync() =>
        await client.Jobs.ListAsync().CountAsync(job => job.State is JobState.Queued or JobState.Running) < MostOpenJobs;
}
