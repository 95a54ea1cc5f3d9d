using MedGen.Sdk.Serving;
using MedGen.Runtime.Execution;
using Microsoft.Extensions.Logging;
using static TorchSharp.torch;

namespace MedGen.Runtime.Health;

/// <inheritdoc />
internal sealed class DeviceCanary(DeviceExecutor executor, TimeProvider time, ILogger<DeviceCanary> logger) : IDeviceHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private Task<DeviceHealth>? _running;

    // Anybody may ask for readiness, as often as they like: all who ask at the same time share one piece of device work.
    public Task<DeviceHealth> CheckAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_running is not { IsCompleted: false })
            {
                _running = AskDeviceAsync();
            }

            return _running.WaitAsync(cancellationToken);
        }
    }

    private async Task<DeviceHealth> AskDeviceAsync()
    {
        using CancellationTokenSource leave = new();
        Task<float> product = executor.RunAsync(_ => Product(executor.Device), ServicePriority.Interactive, isAdmitted: true, leave.Token);
        try
        {
            float value = await product.WaitAsync(Patience, time).ConfigureAwait(false);
            return value == 6
                ? new DeviceHealth { IsHealthy = true, Message = $"{executor.Device} works." }
                : new DeviceHealth { IsHealthy = false, Message = $"{executor.Device} computes 2 · 3 = {value}." };
        }
        catch (TimeoutException)
        {
            await leave.CancelAsync().ConfigureAwait(false);
            return new DeviceHealth
            {
                IsHealthy = true,
                Message = $"{executor.Device} has been at work for {executor.Busy?.TotalSeconds ?? 0:F0} s.",
            };
        }
#pragma warning disable CA1031 // Any fault of the device is the answer.
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            Log.DeviceUnhealthy(logger, exception);
            return new DeviceHealth
            {
                IsHealthy = false,
                Message = $"{executor.Device} fails: {exception.GetType().Name}. The process must be started again.",
            };
        }
    }

    private static float Product(Device device) => (tensor(2f, device: device) * tensor(3f, device: device)).item<float>();
}
