using MedGen.Application.Artifacts;
using MedGen.Application.Jobs;

namespace MedGen.Storage.Tests;

public sealed class UpgradeTests : IDisposable
{
    private const string Upload = "01a22483b760716893e4c07edfc46a17";
    private const string Clip = "01a22483fbe2718cbffd08e9037b6618";
    private const string Generation = "01a22483d20b7f459f8fa789917f13cc";
    private const string Classification = "01a224841edb7f1b9f3d7122fce9ab82";

    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-upgrade-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Open_FolderOfVersion010_FindsEverythingInIt()
    {
        Copy(Fixtures.Path("data-0.1.0", "data"), _folder);
        using StorageFixture storage = new(_folder);

        (await ReadAsync(storage, Upload)).ShouldBe("not a film"u8.ToArray());
        (await ReadAsync(storage, Clip)).Length.ShouldBe(3683);
        Artifact clip = (await storage.Artifacts.FindAsync(Clip, Token)).ShouldNotBeNull();
        (clip.Synthetic, clip.Owner, clip.Provenance!.JobId).ShouldBe((true, "local", Generation));

        JobPage jobs = await storage.Jobs.ListAsync(new JobQuery(), Token);
        jobs.Jobs.Select(job => (job.Id, job.State)).ShouldBe([(Classification, JobState.Failed), (Generation, JobState.Succeeded)]);
        jobs.Jobs[0].Error!.Reason.ShouldBe("MEDIA_UNREADABLE");
        jobs.Jobs[1].Results.ShouldBe([Clip]);
        IReadOnlyList<JobEvent> events = await storage.Jobs.ReadEventsAsync(Generation, 0, 100, Token);
        events.Select(one => one.Number).ShouldBe(Enumerable.Range(1, 12).Select(number => (long)number));
        (await storage.Audit.VerifyAsync(Token)).ShouldSatisfyAllConditions(
            audit => audit.Records.ShouldBe(8), audit => audit.Faults.ShouldBeEmpty());
    }

    private static async Task<byte[]> ReadAsync(StorageFixture storage, string artifactId)
    {
        await using ArtifactContent content = await storage.Artifacts.OpenAsync(artifactId, Token);
        using MemoryStream bytes = new();
        await content.Content.CopyToAsync(bytes, Token);
        return bytes.ToArray();
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
