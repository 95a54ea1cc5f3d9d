namespace MedGen.Runtime.Health;

/// <summary>Asks the device for a sign of life.</summary>
public interface IDeviceHealthCheck
{
    /// <summary>
    /// Computes a tiny product on the device. After a sticky CUDA error every operation fails although the process lives on: readiness must be
    /// false then. A device that is at work on a long step counts as healthy.
    /// </summary>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <returns>The device's state; a fault is an answer, not an exception.</returns>
    Task<DeviceHealth> CheckAsync(CancellationToken cancellationToken);
}
