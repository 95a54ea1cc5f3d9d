using MedGen.Sdk.Serving;
using MedGen.Sdk.Torch.Execution;
using TorchSharp;

namespace MedGen.Sdk.Testing.Fakes;

/// <summary>
/// The CPU as the host's device: one piece of work at a time, in inference mode and a dispose scope of its own. Urgency has no effect.
/// </summary>
public sealed class TestDeviceExecutor : IDeviceExecutor
{
    private readonly Lock _thread = new();

    /// <inheritdoc />
    public torch.Device Device => torch.CPU;

    /// <inheritdoc />
    public Task<T> RunAsync<T>(Func<CancellationToken, T> work, ServicePriority priority, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        return Task.Run(
            () =>
            {
                lock (_thread)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    using var scope = torch.NewDisposeScope();
                    using var inference = torch.inference_mode();
                    return work(cancellationToken);
                }
            },
            cancellationToken);
    }
}
