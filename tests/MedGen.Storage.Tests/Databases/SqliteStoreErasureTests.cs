using MedGen.Application.Erasure;
using MedGen.Application.Jobs;
using MedGen.Storage.Tests.Erasure;

namespace MedGen.Storage.Tests.Databases;

public sealed class SqliteStoreErasureTests() : StoreErasureTests(TestDatabase.Sqlite)
{
    [Theory]
    [InlineData("expiry")]
    [InlineData("erasure")]
    public async Task Prompt_OfAJobThatIsGone_IsGoneFromTheFilesToo(string how)
    {
        const string Prompt = "a-prompt-that-nobody-may-find";
        await Storage.Jobs.CreateAsync(NewJob() with { Request = $$"""{"prompt":"{{Prompt}}{{new string('x', 20_000)}}"}""" }, Token);
        ClaimedJob job = (await Storage.Jobs.ClaimNextAsync(64, 64, Token))!;
        await Storage.Jobs.AppendAsync(job.Job.Id, new JobStateChanged { State = JobState.Succeeded, Attempt = 1 }, Token);
        FilesWith(Prompt).ShouldNotBeEmpty();

        if (how == "expiry")
        {
            await Storage.Jobs.DeleteEndedAsync(Storage.Time.GetUtcNow().AddDays(1), 10, Token);
        }
        else
        {
            await EraseAsync(new ErasureTarget { Owner = "ann" });
        }

        FilesWith(Prompt).ShouldBeEmpty();
    }

    [Fact]
    public void Open_DatabaseOfVersion010_OverwritesWhatItHadDeleted()
    {
        string folder = Directory.CreateTempSubdirectory("medgen-vacuum-").FullName;
        try
        {
            string database = Path.Combine(folder, "medgen.db");
            File.Copy(Fixtures.Path("data-0.1.0", "data", "medgen.db"), database);
            using (Microsoft.Data.Sqlite.SqliteConnection connection = new($"Data Source={database};Pooling=False"))
            {
                connection.Open();
                using Microsoft.Data.Sqlite.SqliteCommand command = connection.CreateCommand();
                command.CommandText = "PRAGMA secure_delete = OFF; DELETE FROM artifacts; DELETE FROM job_events; DELETE FROM jobs";
                command.ExecuteNonQuery();
            }

            FilesWith("convex probe", folder).ShouldNotBeEmpty();
            using StorageFixture storage = new(folder);
            _ = storage.Jobs;
            FilesWith("convex probe", folder).ShouldBeEmpty();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private string[] FilesWith(string text, string? folder = null) =>
    [
        .. Directory.GetFiles(folder ?? Storage.Folder, "medgen.db*")
            .Where(file =>
            {
                using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                using MemoryStream content = new();
                stream.CopyTo(content);
                return content.ToArray().AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text)) >= 0;
            }),
    ];
}
