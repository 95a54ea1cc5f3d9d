using MedGen.Sdk.Serving;
using MedGen.Runtime.Execution;
using MedGen.Runtime.Scheduling;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MedGen.Runtime.Tests.Scheduling;

/// <summary>How often turns are taken and asked for.</summary>
public sealed class TickQueueTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);
    private readonly DeviceExecutor _executor = new(Options.Create(new MedGenRuntimeOptions()), TimeProvider.System, NullLogger<DeviceExecutor>.Instance);

    private static CancellationToken Timeout => TestContext.Current.CancellationToken;

    public void Dispose() => _executor.Dispose();

    [Fact]
    public async Task Request_Twice_TakesOneTurnForEachPriority()
    {
        List<ServicePriority> taken = [];
        TickQueue ticks = new(_executor, taken.Add, _ => { });
        using ManualResetEventSlim asked = new();
        Task busy = OnDeviceAsync(() => asked.Wait(CancellationToken.None));

        ticks.Request(ServicePriority.Bulk);
        ticks.Request(ServicePriority.Bulk);
        ticks.Request(ServicePriority.Interactive);
        asked.Set();
        await busy;
        await OnDeviceAsync(() => { });

        taken.ShouldBe([ServicePriority.Interactive, ServicePriority.Bulk]);
    }

    [Fact]
    public async Task Request_FromWithinATurn_TakesAnother()
    {
        int taken = 0;
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TickQueue? ticks = null;
        ticks = new TickQueue(
            _executor,
            priority =>
            {
                if (++taken < 3)
                {
                    ticks!.Request(priority);
                }
                else
                {
                    done.SetResult();
                }
            },
            _ => { });

        ticks.Request(ServicePriority.Normal);

        await done.Task.WaitAsync(Long, Timeout);
        taken.ShouldBe(3);
    }

    [Fact]
    public async Task Turn_ThatFails_IsFollowedByOneForWhatWasLeft()
    {
        int taken = 0;
        List<string> told = [];
        TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TickQueue ticks = new(
            _executor,
            _ =>
            {
                if (++taken == 1)
                {
                    throw new InvalidOperationException("first");
                }

                closed.SetResult();
            },
            error => told.Add(error.Message));

        ticks.Request(ServicePriority.Bulk);

        await closed.Task.WaitAsync(Long, Timeout);
        told.ShouldBe(["first"]);
    }

    [Fact]
    public async Task Request_OfADeviceThatStopped_IsToldAndRepeatedOnceOnly()
    {
        _executor.Dispose();
        int caller = Environment.CurrentManagedThreadId;
        bool isInRequest = true;
        List<bool> told = [];
        TickQueue ticks = new(_executor, _ => throw new InvalidOperationException("no device"), _ =>
        {
            lock (told)
            {
                told.Add(Volatile.Read(ref isInRequest) && Environment.CurrentManagedThreadId == caller);
            }
        });

        ticks.Request(ServicePriority.Bulk);
        Volatile.Write(ref isInRequest, false);
        await CountAsync(2);
        // Whoever comes later is told, too, and nothing is repeated for him.
        ticks.Request(ServicePriority.Bulk);
        await CountAsync(3);

        told.ShouldAllBe(isWithinRequest => !isWithinRequest);

        async Task CountAsync(int expected)
        {
            using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(Timeout);
            patience.CancelAfter(Long);
            while (Count() < expected)
            {
                await Task.Delay(5, patience.Token);
            }

            // Were it repeated for ever, thousands would have come meanwhile.
            await Task.Delay(100, Timeout);
            Count().ShouldBe(expected);
        }

        int Count()
        {
            lock (told)
            {
                return told.Count;
            }
        }
    }

    private Task<bool> OnDeviceAsync(Action work) => _executor.RunAsync(
        _ =>
        {
            work();
            return true;
        },
        ServicePriority.Bulk,
        CancellationToken.None);
}
