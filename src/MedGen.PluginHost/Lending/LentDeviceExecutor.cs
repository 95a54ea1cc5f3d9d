using System.Diagnostics;
using MedGen.PluginHost.Home;
using MedGen.Sdk.Serving;
using MedGen.Sdk.Torch.Execution;
using Microsoft.Extensions.Logging;
using TorchSharp;

namespace MedGen.PluginHost.Lending;

/// <summary>
/// The device as one plugin gets it: it cannot be disposed, it is known whose work runs, and what that work changes of torch for the whole process is
/// put back after it.
/// </summary>
internal sealed class LentDeviceExecutor(IDeviceExecutor device, PluginHome home, PluginDeviceWork running, ILogger logger) : IDeviceExecutor
{
    private readonly string _plugin = $"{home.Manifest.Id} {home.Manifest.Version}";

    /// <inheritdoc />
    public torch.Device Device => device.Device;

    /// <inheritdoc />
    public Task<T> RunAsync<T>(Func<CancellationToken, T> work, ServicePriority priority, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        return device.RunAsync(token => running.Run(_plugin, () => Run(work, token)), priority, cancellationToken);
    }

    private T Run<T>(Func<CancellationToken, T> work, CancellationToken cancellationToken)
    {
        torch.ScalarType type = torch.get_default_dtype();
        int threads = torch.get_num_threads();
        bool grad = torch.is_grad_enabled();
        long started = Stopwatch.GetTimestamp();
        try
        {
            return work(cancellationToken);
        }
        finally
        {
            home.Use.HeldDevice(Stopwatch.GetElapsedTime(started));
            if (torch.get_default_dtype() != type)
            {
                torch.set_default_dtype(type);
                Log.TorchStatePutBack(logger, _plugin, "default dtype");
            }

            if (torch.get_num_threads() != threads)
            {
                torch.set_num_threads(threads);
                Log.TorchStatePutBack(logger, _plugin, "number of threads");
            }

            if (torch.is_grad_enabled() != grad)
            {
                torch.set_grad_enabled(grad);
                Log.TorchStatePutBack(logger, _plugin, "grad mode");
            }
        }
    }
}
