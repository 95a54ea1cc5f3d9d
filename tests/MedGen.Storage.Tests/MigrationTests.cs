using MedGen.Storage.Database;
using Microsoft.Data.Sqlite;

namespace MedGen.Storage.Tests;

public sealed class MigrationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Open_OfTheFirstSchema_KeepsItsJobsAndKnowsTheirTimes()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("medgen-migration-");
        try
        {
            await WriteFirstSchemaAsync(Path.Combine(folder.FullName, "medgen.db"));
            using StorageFixture storage = new(folder.FullName);
            storage.Time.SetUtcNow(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));

            (await storage.Jobs.DeleteEndedAsync(new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero), 10, Token)).ShouldBe(["ended"]);
            (await storage.Jobs.FailOverdueAsync(Token)).ShouldHaveSingleItem().Id.ShouldBe("overdue");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task WriteFirstSchemaAsync(string path)
    {
        await using SqliteConnection connection = new($"Data Source={path};Pooling=False");
        await connection.OpenAsync(Token);
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = Migrations.All[0] +
            """
            CREATE TABLE schema_version (version INTEGER NOT NULL);
            INSERT INTO schema_version VALUES (1);
            INSERT INTO jobs (id, kind, state, owner, generated_frames, request, document) VALUES
              ('ended', 'Generation', 'Cancelled', 'ann', 1, '{}',
               '{"id":"ended","kind":"Generation","owner":"ann","state":"Cancelled","createdAt":"2026-01-02T03:04:05+00:00","endedAt":"2026-01-02T03:04:06.5+00:00","lastEvent":2}'),
              ('overdue', 'Generation', 'Queued', 'ann', 1, '{}',
               '{"id":"overdue","kind":"Generation","owner":"ann","state":"Queued","createdAt":"2026-01-02T03:04:05+00:00","deadlineAt":"2026-01-02T03:04:15+00:00","lastEvent":1}');
            """;
        await command.ExecuteNonQueryAsync(Token);
    }
}
