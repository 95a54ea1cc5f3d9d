using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace MedGen.Sandbox;

/// <summary>
/// Starts child processes from one thread that lives as long as this process. Bubblewrap asks the kernel to end a child with its parent, and to the
/// kernel (prctl(2), <c>PR_SET_PDEATHSIG</c>) the parent is the thread that started it: from a thread of the pool, which ends when it has been
/// idle, a long decode would be killed in the middle.
/// </summary>
internal static class ProcessStarter
{
    private static readonly BlockingCollection<Request> Requests = [];

    static ProcessStarter() => new Thread(Run) { IsBackground = true, Name = "process starter" }.Start();

    /// <summary>Starts a program.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public static Process Start(ProcessStartInfo info)
    {
        Request request = new(info);
        Requests.Add(request);
        return request.Started();
    }

    private static void Run()
    {
        foreach (Request request in Requests.GetConsumingEnumerable())
        {
            request.Serve();
        }
    }

    private sealed class Request(ProcessStartInfo info)
    {
        private readonly object _gate = new();
        private bool _isServed;
        private Process? _process;
        private ExceptionDispatchInfo? _error;

        public void Serve()
        {
            lock (_gate)
            {
                try
                {
                    _process = Process.Start(info);
                }
                catch (Exception error)
                {
                    // The caller's to handle; the thread goes on for the others.
                    _error = ExceptionDispatchInfo.Capture(error);
                }

                _isServed = true;
                Monitor.Pulse(_gate);
            }
        }

        public Process Started()
        {
            lock (_gate)
            {
                while (!_isServed)
                {
                    Monitor.Wait(_gate);
                }
            }

            _error?.Throw();
            return _process!;
        }
    }
}
