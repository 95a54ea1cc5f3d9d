using MedGen.Sdk.Serving;
using MedGen.Sdk.Torch.Execution;
using TorchSharp;

namespace MedGen.Sdk.Testing.Fakes;

/// <summary>
/// The CPU as the host's device: one piece of work at a time, in inference mode and a dispose scope of its own. Urgency has no effect.
/// </summary>
public sealed class TestDeviceExecutor : IDeviceExecutor
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <inheritdoc />
    public torch.Device Device => torch.CPU;

    /// <inheritdoc />
    public async Task<T> RunAsync<T>(Func<CancellationToken, T> work, ServicePriority priority, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => Run(work, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    private static T Run<T>(Func<CancellationToken, T> work, CancellationToken cancellationToken)
    {
        using var scope = torch.NewDisposeScope();
        using var inference = torch.inference_mode();
        return work(cancellationToken);
    }
}
