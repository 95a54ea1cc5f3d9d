using Google.Protobuf.WellKnownTypes;
using MedGen.Application.Jobs;
using MedGen.Cluster;
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

        worker.Generator.Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // One runs and one waits; by the right clock a minute is left to each, by the other one none, or three.
        string[] asked = [await AskAsync(), await AskAsync()];
        (await worker.Services.GetRequiredService<IJobStore>().FailOverdueAsync(Token)).ShouldBeEmpty();
        worker.Generator.Gate.SetResult();

        foreach (string id in asked)
        {
            List<Proto.JobEvent> events = await front.Client.Jobs.WatchAsync(id, cancellationToken: Token).ToListAsync(Token);
            events[^1].State.State.ShouldBe(Proto.JobState.Succeeded);
            DateTimeOffset[] times = [.. events.Select(one => one.Time.ToDateTimeOffset())];
            times.ShouldBe(times.Order());
            times[^1].ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
        }

        async Task<string> AskAsync()
        {
            Proto.GenerateVideoRequest request = RunningHost.Small();
            request.Options = new Proto.JobOptions { Timeout = Duration.FromTimeSpan(TimeSpan.FromMinutes(1)) };
            await foreach (Proto.JobEvent one in front.Client.Generation.GenerateAsync(request, Token))
            {
                return one.Accepted.JobId;
            }

            throw new InvalidOperationException("The job was not accepted.");
        }

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
                    MaxConcurrentJobs = 1,
                    Cluster = new ClusterOptions { Servers = nats.Url, Role = role, HostName = $"{role}", Lease = TimeSpan.FromSeconds(2) },
                    Storage = storage => (storage.Database, storage.DatabasePasswordFile) = (database, postgres.PasswordFile),
                };
            },
            services: services => services.AddSingleton(clock));
    }
}
