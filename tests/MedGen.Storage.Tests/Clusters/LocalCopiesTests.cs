using MedGen.Application.Artifacts;
using MedGen.Application.Jobs;
using MedGen.Storage.Cluster;
using MedGen.Storage.Tests.Databases;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Storage.Tests.Clusters;

/// <summary>Two hosts of a cluster, one of which keeps 250 bytes of copies.</summary>
[Long]
public sealed class LocalCopiesTests : IDisposable
{
    private readonly ClusterTestDatabase _database = ClusterTestDatabase.New();
    private readonly StorageFixture _small;
    private readonly StorageFixture _large;

    public LocalCopiesTests()
    {
        _small = new StorageFixture(
            services: _database.Add,
            configure: options =>
            {
                _database.Configure(options);
                options.MaxCopiesBytes = 250;
            });
        _large = new StorageFixture(database: _database.Other());
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _small.Dispose();
        _large.Dispose();
    }

    [Fact]
    public async Task Trim_OverTheLimit_DeletesWhatWasNotUsedForLongest()
    {
        Artifact[] all = [await AddAsync(1), await AddAsync(2), await AddAsync(3)];
        LocalCopies copies = _small.Services.GetRequiredService<LocalCopies>();
        copies.Trim().ShouldBe(0); // all of them were in hand just now
        _small.Time.Advance(TimeSpan.FromMinutes(2));
        await ReadAsync(_small, all[0]);

        copies.Trim().ShouldBe(1);

        all.Select(one => File.Exists(_small.ContentOf(one))).ShouldBe([true, false, true]);
        copies.Trim().ShouldBe(0);

        // It is there again when it is wanted, and another one goes.
        _small.Time.Advance(TimeSpan.FromMinutes(2));
        (await ReadAsync(_small, all[1])).ShouldBe(await ReadAsync(_large, all[1]));
        copies.Trim().ShouldBe(1);
        all.Select(one => File.Exists(_small.ContentOf(one))).ShouldBe([true, true, false]);
        (await ReadAsync(_large, all[2])).Length.ShouldBe(100);
    }

    [Fact]
    public async Task Trim_OfWhatAJobOfThisHostReads_LeavesItAlone()
    {
        Artifact[] all = [await AddAsync(1), await AddAsync(2), await AddAsync(3)];
        LocalCopies copies = _small.Services.GetRequiredService<LocalCopies>();
        foreach (Artifact input in all)
        {
            await _small.Jobs.CreateAsync(new NewJob { Kind = JobKind.Classification, Owner = "ann", Request = "{}", Inputs = [input.Id] }, Token);
        }

        Job first = (await _small.Jobs.ClaimNextAsync(64, 64, Token))!.Job;
        await _large.Jobs.ClaimNextAsync(64, 64, Token);
        _small.Time.Advance(TimeSpan.FromMinutes(2));

        copies.Trim().ShouldBe(1);
        all.Select(one => File.Exists(_small.ContentOf(one))).ShouldBe([true, false, true]);
        _small.Time.Advance(TimeSpan.FromMinutes(2));
        await ReadAsync(_small, all[1]);
        _small.Time.Advance(TimeSpan.FromMinutes(2));
        await _small.Jobs.AppendAsync(first.Id, new JobStateChanged { State = JobState.Succeeded, Attempt = 1 }, Token);

        copies.Trim().ShouldBe(1);
        all.Select(one => File.Exists(_small.ContentOf(one))).ShouldBe([false, true, true]);
    }

    [Fact]
    public async Task Trim_WithoutALimit_DeletesNothing()
    {
        for (byte i = 1; i < 5; i++)
        {
            await _large.AddAsync([.. Enumerable.Repeat(i, 100)]);
        }

        _large.Time.Advance(TimeSpan.FromDays(1));
        _large.Services.GetRequiredService<LocalCopies>().Trim().ShouldBe(0);
    }

    // A second apart, as the file system notes them.
    private async Task<Artifact> AddAsync(byte value)
    {
        Artifact added = await _small.AddAsync([.. Enumerable.Repeat(value, 100)]);
        _small.Time.Advance(TimeSpan.FromSeconds(1));
        return added;
    }

    private static async Task<byte[]> ReadAsync(StorageFixture host, Artifact artifact)
    {
        await using ArtifactContent content = await host.Artifacts.OpenAsync(artifact.Id, Token);
        using MemoryStream copy = new();
        await content.Content.CopyToAsync(copy, Token);
        return copy.ToArray();
    }
}
