using MedGen.Sdk.Errors;
using MedGen.Sdk.Serving;
using MedGen.Runtime.Execution;
using MedGen.Runtime.Health;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using TorchSharp;

namespace MedGen.Runtime.Tests.Execution;

public sealed class DeviceExecutorTests : IDisposable
{
    private readonly DeviceExecutor _executor = Create();
    private readonly ManualResetEventSlim _gate = new();

    private static CancellationToken Timeout => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _gate.Set();
        _executor.Dispose();
        _gate.Dispose();
    }

    [Fact]
    public async Task RunAsync_ManyItems_RunOnOneThreadOutsideTheCaller()
    {
        int[] threads = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ =>
            _executor.RunAsync(_ => Environment.CurrentManagedThreadId, ServicePriority.Normal, Timeout)));

        threads.Distinct().ShouldHaveSingleItem().ShouldNotBe(Environment.CurrentManagedThreadId);
    }

    [Fact]
    public async Task RunAsync_Work_HasInferenceModeAndLeavesNoTensor()
    {
        long before = await LiveTensorsAsync();
        bool inference = await _executor.RunAsync(
            _ =>
            {
                torch.Tensor a = torch.ones(3);
                a.add_(a);
                return torch.is_inference_mode_enabled();
            },
            ServicePriority.Normal,
            Timeout);

        inference.ShouldBeTrue();
        (await LiveTensorsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task RunAsync_ItemsOfDifferentUrgency_GoMostUrgentThenOldestFirst()
    {
        Task blocker = BlockAsync();
        List<string> order = [];
        Task[] items =
        [
            Note("bulk", ServicePriority.Bulk), Note("normal 1", ServicePriority.Normal), Note("normal 2", ServicePriority.Normal),
            Note("interactive", ServicePriority.Interactive),
        ];
        _gate.Set();
        await Task.WhenAll([blocker, .. items]);

        order.ShouldBe(["interactive", "normal 1", "normal 2", "bulk"]);
        Task Note(string name, ServicePriority priority) => _executor.RunAsync(_ => { order.Add(name); return 0; }, priority, Timeout);
    }

    [Fact]
    public async Task RunAsync_CancelledWhileWaiting_LeavesTheQueueAtOnceAndNeverRuns()
    {
        Task blocker = BlockAsync();
        using var cancel = new CancellationTokenSource();
        bool ran = false;
        Task<bool> waiting = _executor.RunAsync(_ => ran = true, ServicePriority.Normal, cancel.Token);

        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting);
        _gate.Set();
        await blocker;
        await _executor.RunAsync(_ => 0, ServicePriority.Bulk, Timeout);
        ran.ShouldBeFalse();
    }

    [Fact]
    public async Task RunAsync_CancelledWhileRunning_SeesItsToken()
    {
        using var cancel = new CancellationTokenSource();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<int> running = _executor.RunAsync(
            token =>
            {
                started.SetResult();
                token.WaitHandle.WaitOne();
                token.ThrowIfCancellationRequested();
                return 0;
            },
            ServicePriority.Normal,
            cancel.Token);
        await started.Task;
        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(running);
    }

    [Fact]
    public async Task RunAsync_QueueFull_RefusesWithATimeToTryAgainAndLetsAdmittedWorkIn()
    {
        using DeviceExecutor small = Create(queueLimit: 2);
        Task blocker = BlockAsync(small);
        Task first = small.RunAsync(_ => 0, ServicePriority.Normal, Timeout);
        Task second = small.RunAsync(_ => 0, ServicePriority.Normal, Timeout);

        var full = await Should.ThrowAsync<ResourceExhaustedException>(small.RunAsync(_ => 0, ServicePriority.Interactive, Timeout));
        Task admitted = small.RunAsync(_ => 0, ServicePriority.Normal, isAdmitted: true, Timeout);
        _gate.Set();
        await Task.WhenAll(blocker, first, second, admitted);

        full.Reason.ShouldBe("DEVICE_QUEUE_FULL");
        full.RetryAfter.ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task RunAsync_WorkThrows_TheCallerGetsItAndTheThreadLivesOn()
    {
        await Should.ThrowAsync<DivideByZeroException>(_executor.RunAsync<int>(_ => throw new DivideByZeroException(), ServicePriority.Normal, Timeout));

        (await _executor.RunAsync(_ => 7, ServicePriority.Normal, Timeout)).ShouldBe(7);
    }

    [Fact]
    public async Task RunAsync_FromInsideDeviceWork_IsRefusedInsteadOfDeadlocking()
    {
        Task<int> direct = _executor.RunAsync(
            token => _executor.RunAsync(_ => 1, ServicePriority.Normal, token).GetAwaiter().GetResult(), ServicePriority.Normal, Timeout);
        Task<int> throughAnotherThread = _executor.RunAsync(
            token => Task.Run(() => _executor.RunAsync(_ => 1, ServicePriority.Normal, token), token).GetAwaiter().GetResult(), ServicePriority.Normal, Timeout);

        (await Should.ThrowAsync<InvalidOperationException>(direct)).Message.ShouldContain("must not queue device work");
        await Should.ThrowAsync<InvalidOperationException>(throughAnotherThread);
    }

    [Fact]
    public async Task Dispose_WithWorkThatNeverEnds_ReturnsAllTheSame()
    {
        using ManualResetEventSlim never = new();
        using ManualResetEventSlim started = new();
        MedGenRuntimeOptions options = new() { Device = "cpu", StopLimit = TimeSpan.FromMilliseconds(50) };
        DeviceExecutor executor = new(Options.Create(options), TimeProvider.System, NullLogger<DeviceExecutor>.Instance);
        Task hanging = executor.RunAsync(
            _ =>
            {
                started.Set();
                never.Wait(CancellationToken.None);
                return 0;
            },
            ServicePriority.Normal,
            Timeout);
        started.Wait(Timeout);

        executor.Dispose();

        hanging.IsCompleted.ShouldBeFalse();
        never.Set();
        await hanging;
    }

    [Fact]
    public async Task Dispose_WithWorkRunningAndWaiting_CancelsBoth()
    {
        DeviceExecutor executor = Create();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<int> running = executor.RunAsync(
            token =>
            {
                started.SetResult();
                token.WaitHandle.WaitOne();
                token.ThrowIfCancellationRequested();
                return 0;
            },
            ServicePriority.Normal,
            CancellationToken.None);
        await started.Task;
        Task<int> waiting = executor.RunAsync(_ => 0, ServicePriority.Normal, CancellationToken.None);

        executor.Dispose();

        await Should.ThrowAsync<OperationCanceledException>(running);
        await Should.ThrowAsync<OperationCanceledException>(waiting);
        await Should.ThrowAsync<OperationCanceledException>(executor.RunAsync(_ => 0, ServicePriority.Normal, CancellationToken.None));
    }

    [Fact]
    public async Task CheckAsync_OnAWorkingDevice_IsHealthy()
    {
        var canary = new DeviceCanary(_executor, TimeProvider.System, NullLogger<DeviceCanary>.Instance);

        (await canary.CheckAsync(Timeout)).IsHealthy.ShouldBeTrue();
    }

    [Fact]
    public async Task CheckAsync_AskedManyTimesAtOnce_PutsOnePieceOfWorkIntoTheQueue()
    {
        using DeviceExecutor executor = Create(queueLimit: 2);
        var canary = new DeviceCanary(executor, TimeProvider.System, NullLogger<DeviceCanary>.Instance);
        Task blocker = BlockAsync(executor);

        Task<DeviceHealth>[] checks = [.. Enumerable.Range(0, 100).Select(_ => canary.CheckAsync(Timeout))];

        // One place is left beside the check.
        Task<int> other = executor.RunAsync(_ => 7, ServicePriority.Normal, Timeout);
        _gate.Set();
        (await other).ShouldBe(7);
        (await Task.WhenAll(checks)).ShouldAllBe(health => health.IsHealthy);
        await blocker;
    }

    [Fact]
    public async Task CheckAsync_OnADeviceThatIsNotThere_IsUnhealthyAndSaysSo()
    {
        Assert.SkipWhen(torch.cuda.is_available(), "this machine has CUDA");
        using DeviceExecutor executor = Create(device: "cuda:0");
        var canary = new DeviceCanary(executor, TimeProvider.System, NullLogger<DeviceCanary>.Instance);

        (await canary.CheckAsync(Timeout)).IsHealthy.ShouldBeFalse();
    }

    private static DeviceExecutor Create(int queueLimit = 64, string device = "cpu") => new(
        Options.Create(new MedGenRuntimeOptions { QueueLimit = queueLimit, Device = device }), TimeProvider.System, NullLogger<DeviceExecutor>.Instance);

    private Task<long> LiveTensorsAsync() =>
        _executor.RunAsync(_ => DisposeScopeManager.Statistics.ThreadTotalLiveCount, ServicePriority.Normal, Timeout);

    /// <summary>Keeps the device at work until the gate opens; completes its first part when the work has begun.</summary>
    private Task BlockAsync(DeviceExecutor? executor = null)
    {
        using var started = new ManualResetEventSlim();
        Task blocker = (executor ?? _executor).RunAsync(
            _ =>
            {
                started.Set();
                _gate.Wait(CancellationToken.None);
                return 0;
            },
            ServicePriority.Normal,
            CancellationToken.None);
        started.Wait(Timeout);
        return blocker;
    }
}
