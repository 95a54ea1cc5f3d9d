using MedGen.Application.Auditing;
using MedGen.Application.Jobs;

namespace MedGen.Storage.Tests.Databases;

public sealed class SqliteJobStoreTests() : JobStoreTests(TestDatabase.Sqlite)
{
    [Fact]
    public async Task Store_KilledProcess_LosesNothingThatWasWritten()
    {
        Job job = await RunningJob();
        await Storage.Audit.AppendAsync(new AuditEntry { Caller = "ann", Action = "A", Subject = "", Outcome = "ok" }, Token);

        // What lies on disk while the store is open is what a killed process leaves: nothing was closed or folded into the main file.
        string copy = Directory.CreateDirectory(Storage.Folder + "-killed").FullName;
        foreach (string file in Directory.GetFiles(Storage.Folder, "medgen.db*"))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        try
        {
            using StorageFixture next = new(copy);
            (await next.Jobs.FindAsync(job.Id, Token)).ShouldNotBeNull().ShouldSatisfyAllConditions(
                found => found.State.ShouldBe(JobState.Running), found => found.LastEvent.ShouldBe(2));
            (await next.Jobs.ReadEventsAsync(job.Id, 0, 10, Token)).Count.ShouldBe(2);
            (await next.Audit.VerifyAsync(Token)).Records.ShouldBe(1);
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }
}
