using System.Diagnostics;
using MedGen.Sandbox;
using Microsoft.Extensions.Logging;

namespace MedGen.Media.Processes;

/// <summary>
/// One ffmpeg or ffprobe child in a sandbox, with a stall limit; always ended and reaped by <see cref="DisposeAsync"/>.
/// </summary>
/// <remarks>
/// FFMpegCore's types hold what ffprobe says, but the children are started here: its own runner takes one quoted
/// command line (a file name with a quotation mark changes the command), sets no limit, gives frames only through a named pipe written by
/// push, and its way of cancelling leaves the child alive for a while.
/// </remarks>
internal sealed class MediaProcess : IAsyncDisposable
{
    // Each malloc arena reserves 64 MiB of address space: with one a thread, many cores would use up the limit with nothing.
    // One, not two: a second arena gives every freed frame back to the kernel, which was 800 page faults and 10 ms a frame at 1080p.
    private static readonly Dictionary<string, string> ChildEnvironment = new() { ["MALLOC_ARENA_MAX"] = "1", ["LANG"] = "C.UTF-8" };

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

    /// <summary>Starts ffmpeg to read one file and to write into its pipes only.</summary>
    public static MediaProcess StartDecoder(
        IEnumerable<string> arguments, string input, MediaOptions options, TimeProvider time, ILogger logger) =>
        Start("ffmpeg", arguments, input, output: null, options, time, logger);

    /// <summary>Starts ffmpeg to read its standard input and to write one file, which exists already.</summary>
    public static MediaProcess StartEncoder(
        IEnumerable<string> arguments, string output, MediaOptions options, TimeProvider time, ILogger logger) =>
        Start("ffmpeg", arguments, input: null, output, options, time, logger);

    /// <summary>Starts ffmpeg to read one file and to write another, which exists already.</summary>
    public static MediaProcess StartCutter(
        IEnumerable<string> arguments, string input, string output, MediaOptions options, TimeProvider time, ILogger logger) =>
        Start("ffmpeg", arguments, input, output, options, time, logger);

    /// <summary>Starts ffprobe to look at one file.</summary>
    public static MediaProcess StartProbe(
        IEnumerable<string> arguments, string input, MediaOptions options, TimeProvider time, ILogger logger) =>
        Start("ffprobe", arguments, input, output: null, options, time, logger);

    /// <summary>Waits for the end of the child.</summary>
    /// <returns>Its exit code; above 128 when a signal ended it.</returns>
    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        return _process.ExitCode;
    }

    /// <summary>Ends the child at once; its pipes then end too.</summary>
    public void Kill() => ProcessTree.Kill(_process);

    public async ValueTask DisposeAsync()
    {
        await _watchdog.DisposeAsync().ConfigureAwait(false);
        Kill();
        await _process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        _process.Dispose();
    }

    private static MediaProcess Start(
        string program, IEnumerable<string> arguments, string? input, string? output, MediaOptions options, TimeProvider time, ILogger logger)
    {
        SandboxedCommand command = new()
        {
            Program = MediaPrograms.Find(program, options),
            Arguments = [.. arguments],
            Readable = input is null ? [] : [input],
            Writable = output is null ? [] : [output],
            Environment = ChildEnvironment,
            Limits = new SandboxLimits
            {
                AddressSpaceBytes = (long)options.ProcessMemoryMiB << 20,
                CpuSeconds = options.ProcessCpuSeconds,
                FileBytes = output is null ? 0 : (long)options.MaxFileMiB << 20,
            },
        };
        Process process = ProcessSandbox.For(options.Sandbox).Start(command);
        if (input is not null)
        {
            process.StandardInput.Close();
        }

        return new MediaProcess(process, new StallWatchdog(process, options.StallTimeout, time, logger));
    }
}
