using System.Collections.Concurrent;
using System.Diagnostics;

namespace MedGen.Sandbox;

/// <summary>
/// Starts child processes from one thread that lives as long as this process. Bubblewrap asks the kernel to end a child with its parent, and to the
/// kernel (prctl(2), <c>PR_SET_PDEATHSIG</c>) the parent is the thread that started it: from a thread of the pool, which ends when it has been idle, a
/// long decode would be killed in the middle.
/// </summary>
internal static class ProcessStarter
{
    private static readonly BlockingCollection<Action> Requests = [];

    static ProcessStarter() => new Thread(Run) { IsBackground = true, Name = "process starter" }.Start();

    /// <summary>Starts a program.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public static Process Start(ProcessStartInfo info)
    {
        TaskCompletionSource<Process> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Requests.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(info)!);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                started.SetException(error);
            }
        });
        return started.Task.GetAwaiter().GetResult();
    }

    private static void Run()
    {
        foreach (Action request in Requests.GetConsumingEnumerable())
        {
            request();
        }
    }
}
