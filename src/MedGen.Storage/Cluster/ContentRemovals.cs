using System.Collections.Concurrent;
using System.Globalization;
using MedGen.Application.Cluster;
using MedGen.Sdk.Errors;
using MedGen.Storage.Artifacts;
using MedGen.Storage.Database;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MedGen.Storage.Cluster;

/// <summary>
/// Deletes shared contents that no record needs. Each is on record (fact <c>removal:ARTIFACT</c>) from before it is stored until its artifact's
/// record is there, and again from the deletion of that record until it is gone; so whichever host dies, another one deletes what is left over, and
/// nothing else is ever deleted.
/// </summary>
internal sealed class ContentRemovals(
    StoreDatabase database, ISharedContents contents, ContentFiles files, LocalCopies copies, IPeerHosts peers, TimeProvider time,
    ILogger<ContentRemovals> logger)
    : BackgroundService
{
    private const string Prefix = "removal:";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    // Longer than any upload takes.
    private static readonly TimeSpan UploadTime = TimeSpan.FromDays(1);

    // Hashes of contents whose last artifact another host has deleted.
    private readonly ConcurrentQueue<string> _told = new();

    /// <summary>Puts a content on record that is about to be stored.</summary>
    public Task ExpectAsync(string artifactId, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            Facts.Write(session, Prefix + artifactId, time.GetUtcNow() + UploadTime);
            return true;
        },
        cancellationToken);

    /// <summary>The artifact's record is there, in the same transaction.</summary>
    public static void Keep(StoreSession session, string artifactId) =>
        session.Execute("DELETE FROM facts WHERE name = @name", ("@name", Prefix + artifactId));

    /// <summary>The artifact's record goes, in the same transaction.</summary>
    public static void Remove(StoreSession session, string artifactId, DateTimeOffset now) => Facts.Write(session, Prefix + artifactId, now);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        peers.Heard += Hear;
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        peers.Heard -= Hear;
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!contents.IsShared)
        {
            return;
        }

        using PeriodicTimer timer = new(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            try
            {
                await DeleteDueAsync(stoppingToken).ConfigureAwait(false);
                await DeleteCopiesAsync(stoppingToken).ConfigureAwait(false);
                copies.Trim();
            }
            catch (ResourceExhaustedException exception)
            {
                Log.RemovalHeld(logger, exception.Reason);
            }
            catch (IOException exception)
            {
                Log.RemovalHeld(logger, exception.GetType().Name);
            }
        }
    }

    /// <summary>Deletes what is due.</summary>
    /// <returns>How many contents.</returns>
    public async Task<int> DeleteDueAsync(CancellationToken cancellationToken)
    {
        List<(string Artifact, DateTimeOffset Due)> waiting = database.Read(session => session.Query(
            "SELECT substr(name, 9), substr(document, 2, length(document) - 2) FROM facts WHERE name LIKE 'removal:%'",
            row => (row.GetString(0), DateTimeOffset.Parse(row.GetString(1), CultureInfo.InvariantCulture))));
        string[] due = [.. waiting.Where(one => one.Due <= time.GetUtcNow()).Select(one => one.Artifact)];
        foreach (string artifact in due)
        {
            await contents.DeleteAsync(artifact, cancellationToken).ConfigureAwait(false);
            await database.WriteAsync(
                session =>
                {
                    Keep(session, artifact);
                    return true;
                },
                cancellationToken).ConfigureAwait(false);
        }

        return due.Length;
    }

    private void Hear(PeerNews news)
    {
        if (news.Kind == PeerNewsKind.ContentRemoved && ContentFiles.IsHash(news.Subject))
        {
            _told.Enqueue(news.Subject);
        }
    }

    // A write, so that nobody stores the same content meanwhile.
    private async Task DeleteCopiesAsync(CancellationToken cancellationToken)
    {
        while (_told.TryDequeue(out string? sha256))
        {
            await database.WriteAsync(
                session =>
                {
                    if (session.Scalar<long>("SELECT count(*) FROM artifacts WHERE sha256 = @hash", ("@hash", sha256)) == 0)
                    {
                        files.Delete(sha256);
                    }

                    return true;
                },
                cancellationToken).ConfigureAwait(false);
        }
    }
}
