using System.Globalization;
using Microsoft.Extensions.Hosting.Systemd;

namespace MedGen.Cli.Connections;

/// <summary>Tells systemd how the service stands, where systemd has started it and asked for that (<c>Type=notify</c>).</summary>
internal sealed class SystemdService : IDisposable
{
    private readonly SystemdNotifier _notifier = new();
    private Timer? _watchdog;

    /// <summary>The settings are being read again.</summary>
    public static ServiceState Reloading { get; } = new("RELOADING=1");

    public void Notify(ServiceState state) => _notifier.Notify(state);

    /// <summary>Gives signs of life at half the interval after which systemd would restart the service.</summary>
    public void StartWatchdog()
    {
        if (long.TryParse(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), CultureInfo.InvariantCulture, out long microseconds))
        {
            TimeSpan half = TimeSpan.FromMicroseconds(microseconds / 2.0);
            _watchdog = new Timer(_ => Notify(new ServiceState("WATCHDOG=1")), null, TimeSpan.Zero, half);
        }
    }

    public void Dispose() => _watchdog?.Dispose();
}
