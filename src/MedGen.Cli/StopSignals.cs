using System.Runtime.InteropServices;

namespace MedGen.Cli;

/// <summary>
/// Ctrl+C and SIGTERM as a token, from the first moment to the last: a command ends in order, also one that has only begun, and a second signal
/// ends it at once. System.CommandLine's own handler fails when a signal comes while a command is ending.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<PosixSignalRegistration> _registrations = [];

    private StopSignals()
    {
    }

    public CancellationToken Token => _stop.Token;

    public static StopSignals Listen()
    {
        StopSignals signals = new();
        signals._registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, signals.Stop));
        signals._registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, signals.Stop));
        return signals;
    }

    // A signal that has come may still be on its way to the source, which therefore is left to the collector.
    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = !_stop.IsCancellationRequested;
        if (context.Cancel)
        {
            _stop.Cancel();
        }
    }
}
