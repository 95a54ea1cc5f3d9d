using MedGen.Sdk.Serving;
using TorchSharp;

namespace MedGen.Sdk.Torch.Execution;

/// <summary>
/// The one thread that touches torch. Work is handed to it as synchronous functions; tensors live and die inside one such function, only
/// plain buffers cross its border. The function runs inside <c>torch.inference_mode()</c> and a dispose scope of its own.
/// </summary>
public interface IDeviceExecutor
{
    /// <summary>The device that work runs on.</summary>
    torch.Device Device { get; }

    /// <summary>Queues work and completes when it has run. More urgent work goes first; work of equal urgency keeps its order.</summary>
    /// <typeparam name="T">Result: plain data, never a tensor that the dispose scope owns.</typeparam>
    /// <param name="work">The work. It gets the token and looks at it between long operations.</param>
    /// <param name="priority">How urgent.</param>
    /// <param name="cancellationToken">Takes waiting work out of the queue; running work sees it as its argument.</param>
    /// <returns>The result.</returns>
    /// <exception cref="Sdk.Errors.ResourceExhaustedException">The queue is full.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled, or the executor stops.</exception>
    Task<T> RunAsync<T>(Func<CancellationToken, T> work, ServicePriority priority, CancellationToken cancellationToken);
}
