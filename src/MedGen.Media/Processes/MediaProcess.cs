using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using FFMpegCore;
using MedGen.Abstractions.Errors;
using Microsoft.Extensions.Logging;

namespace MedGen.Media.Processes;

/// <summary>
/// One ffmpeg or ffprobe child with a memory limit and a stall limit; always ended and reaped by <see cref="DisposeAsync"/>.
/// </summary>
/// <remarks>
/// FFMpegCore finds the programs and its types hold what ffprobe says, but the children are started here: its own runner takes one quoted
/// command line (a file name with a quotation mark changes the command), sets no limit, gives frames only through a named pipe written by
/// push, and its way of cancelling leaves the child alive for a while.
/// </remarks>
internal sealed class MediaProcess : IAsyncDisposable
{
    private const int NotFoundExitCode = 127;

    private readonly Process _process;
    private readonly StallWatchdog _watchdog;

    private MediaProcess(Process process, StallWatchdog watchdog)
    {
        _process = process;
        _watchdog = watchdog;
    }

    public int Id => _process.Id;

    public Stream Input => _process.StandardInput.BaseStream;

    public Stream Output => _process.StandardOutput.BaseStream;

    public StreamReader Log => _process.StandardError;

    public StallWatchdog Watchdog => _watchdog;

    public static MediaProcess StartFFmpeg(IEnumerable<string> arguments, bool writesInput, MediaOptions options, TimeProvider time, ILogger logger)
        => Start(Locate(options, "ffmpeg", GlobalFFOptions.GetFFMpegBinaryPath), arguments, writesInput, options, time, logger);

    public static MediaProcess StartFFprobe(IEnumerable<string> arguments, MediaOptions options, TimeProvider time, ILogger logger)
        => Start(Locate(options, "ffprobe", GlobalFFOptions.GetFFProbeBinaryPath), arguments, writesInput: false, options, time, logger);

    /// <summary>Waits for the end of the child.</summary>
    /// <returns>Its exit code; above 128 when a signal ended it.</returns>
    /// <exception cref="FailedPreconditionException">The program is not installed.</exception>
    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        return _process.ExitCode == NotFoundExitCode ? throw NotInstalled() : _process.ExitCode;
    }

    /// <summary>Ends the child at once; its pipes then end too.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself: nothing is left to kill.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _watchdog.DisposeAsync().ConfigureAwait(false);
        Kill();
        await _process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        _process.Dispose();
    }

    private static MediaProcess Start(
        string program, IEnumerable<string> arguments, bool writesInput, MediaOptions options, TimeProvider time, ILogger logger)
    {
        // The shell sets the limit and then becomes the program (exec), so that there is one child and its id is the one we kill.
        ProcessStartInfo start = new("/bin/sh")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string kibibytes = (options.ProcessMemoryMiB * 1024L).ToString(CultureInfo.InvariantCulture);
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"ulimit -v {kibibytes}; exec \"$0\" \"$@\"");
        start.ArgumentList.Add(program);
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // Each malloc arena reserves 64 MiB of address space: with one a thread, many cores would use up the limit with nothing.
        // One, not two: a second arena gives every freed frame back to the kernel, which was 800 page faults and 10 ms a frame at 1080p.
        start.Environment["MALLOC_ARENA_MAX"] = "1";
        Process process = new() { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception error)
        {
            process.Dispose();
            throw NotInstalled(error);
        }

        if (!writesInput)
        {
            process.StandardInput.Close();
        }

        return new MediaProcess(process, new StallWatchdog(process, options.StallTimeout, time, logger));
    }

    // A folder that was asked for is taken at its word; FFMpegCore would quietly fall back to PATH.
    private static string Locate(MediaOptions options, string program, Func<FFOptions?, string> find) =>
        options.BinaryFolder is { } folder ? Path.Combine(folder, program) : find(null);

    private static FailedPreconditionException NotInstalled(Exception? cause = null)
        => new("FFMPEG_MISSING", "ffmpeg is not installed or not on PATH; install it, on Debian and Ubuntu by: apt-get install ffmpeg", cause);
}
