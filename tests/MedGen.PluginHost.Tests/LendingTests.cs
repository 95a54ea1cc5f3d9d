using MedGen.PluginHost.Lending;
using MedGen.Sdk.Serving;
using MedGen.Sdk.Torch.Execution;
using Microsoft.Extensions.Logging.Abstractions;
using TorchSharp;

namespace MedGen.PluginHost.Tests;

[Collection("plugins")]
public class LendingTests
{
    private readonly PluginDeviceWork _work = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_WorkThatChangesTorchForAll_IsPutBackAlsoWhenItFails()
    {
        LentDeviceExecutor lent = Lend();
        (torch.ScalarType type, int threads, bool grad) = State();

        await Should.ThrowAsync<InvalidOperationException>(() => lent.RunAsync<int>(
            _ =>
            {
                torch.set_default_dtype(torch.ScalarType.Float64);
                torch.set_num_threads(threads + 1);
                torch.set_grad_enabled(!grad);
                throw new InvalidOperationException();
            },
            ServicePriority.Normal,
            Token));

        State().ShouldBe((type, threads, grad));

        static (torch.ScalarType, int, bool) State() => (torch.get_default_dtype(), torch.get_num_threads(), torch.is_grad_enabled());
    }

    [Fact]
    public async Task RunAsync_WhileItRuns_SaysWhoseWorkItIs()
    {
        (await Lend().RunAsync(_ => _work.Running, ServicePriority.Normal, Token)).ShouldBe("acme.x 1.0.0");
        _work.Running.ShouldBeNull();
    }

    private LentDeviceExecutor Lend() => new(new Inline(), "acme.x 1.0.0", _work, NullLogger.Instance);

    private sealed class Inline : IDeviceExecutor
    {
        public torch.Device Device => torch.CPU;

        // Here and now: what is thread-local of torch is that of the test.
        public Task<T> RunAsync<T>(Func<CancellationToken, T> work, ServicePriority priority, CancellationToken cancellationToken)
        {
            try
            {
                return Task.FromResult(work(cancellationToken));
            }
            catch (InvalidOperationException exception)
            {
                return Task.FromException<T>(exception);
            }
        }
    }
}
