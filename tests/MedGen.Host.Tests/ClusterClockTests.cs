using MedGen.Application.Jobs;
using MedGen.Cluster;
using MedGen.Sdk.Serving;
using Microsoft.Extensions.DependencyInjection;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Tests;

/// <summary>A host of a cluster whose clock is two minutes off, ahead and behind, beside one whose clock is right.</summary>
[Long]
public sealed class ClusterClockTests
{
    private static CancellationToken Token => RunningHost.Token;

    [Theory]
    [InlineData(2)]
    [InlineData(-2)]
    public async Task Jobs_AtAHostWhoseClockIsWrong_KeepTheirDeadlines(int minutes)
    {
        using PostgresServer postgres = PostgresServer.StartOwn();
        using NatsServer nats = NatsServer.StartOwn();
        string database = postgres.CreateDatabase();
        await using RunningHost front = await StartAsync(ClusterRole.Front, null, TimeProvider.System);
        await using RunningHost worker = await StartAsync(ClusterRole.Worker, front.Folder, new ShiftedClock(TimeSpan.FromMinutes(minutes)));

        // A minute is left by the right clock, none or three by the other one.
        Proto.GenerateVideoRequest request = RunningHost.Small();
        request.Options = new Proto.JobOptions { Timeout = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromMinutes(1)) };
        List<Proto.JobEvent> events = await front.Client.Generation.GenerateAsync(request, Token).ToListAsync(Token);

        events[^1].State.State.ShouldBe(Proto.JobState.Succeeded);
        events.Select(one => one.Time).Where(time => time is not null).ShouldBe(events.Select(one => one.Time).Where(time => time is not null).OrderBy(time => time));
        Proto.Job job = await worker.Client.Jobs.GetAsync(events[0].Accepted.JobId, Token);
        (job.EndedAt.ToDateTimeOffset() - DateTimeOffset.UtcNow).Duration().ShouldBeLessThan(TimeSpan.FromMinutes(1));

        // One that waits is not failed by the host that is ahead: all places are held.
        worker.Generator.Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        IJobStore jobs = worker.Services.GetRequiredService<IJobStore>();
        Application.Jobs.Job waiting = await jobs.CreateAsync(
            new NewJob { Kind = JobKind.Generation, Owner = "ann", Request = "{}", Timeout = TimeSpan.FromMinutes(1), Priority = ServicePriority.Bulk }, Token);
        (await jobs.FailOverdueAsync(Token)).ShouldBeEmpty();
        (await jobs.FindAsync(waiting.Id, Token))!.CreatedAt.ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));

        async Task<RunningHost> StartAsync(ClusterRole role, string? first, TimeProvider clock) => await RunningHost.StartAsync(
            options =>
            {
                Directory.CreateDirectory(options.DataFolder);
                if (first is not null)
                {
                    File.Copy(Path.Combine(first, "host-key.pem"), Path.Combine(options.DataFolder, "host-key.pem"));
                }

                return options with
                {
                    Cluster = new ClusterOptions { Servers = nats.Url, Role = role, HostName = $"{role}", Lease = TimeSpan.FromSeconds(2) },
                    Storage = storage => (storage.Database, storage.DatabasePasswordFile) = (database, postgres.PasswordFile),
                };
            },
            services: services => services.AddSingleton(clock));
    }
}
