using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using MedGen.Sdk.Errors;

namespace MedGen.Sandbox;

/// <summary>
/// Confines child processes. Which means there are depends on the machine and does not change while this process runs, so there is one for each mode.
/// </summary>
public sealed class ProcessSandbox
{
    // Counted over all processes and threads of the user, so it must leave room for a host; for root the kernel does not look at it.
    private const int MaxUserProcesses = 4096;

    private static readonly ProcessSandbox[] ByMode = [.. Enum.GetValues<SandboxMode>().Select(mode => new ProcessSandbox(mode))];

    private readonly SandboxMode _mode;
    private readonly Lazy<SandboxReport> _report;

    private ProcessSandbox(SandboxMode mode)
    {
        _mode = mode;
        _report = new Lazy<SandboxReport>(Look);
    }

    /// <summary>What is in force.</summary>
    public SandboxReport Report => _report.Value;

    /// <summary>The sandbox of a mode.</summary>
    /// <param name="mode">How strictly child processes are confined.</param>
    /// <returns>Always the same one.</returns>
    public static ProcessSandbox For(SandboxMode mode) => ByMode[(int)mode];

    /// <summary>
    /// Starts a program within its limits. The child's id is that of the process to kill; its descendants end with it, and it ends with this process.
    /// </summary>
    /// <param name="command">The program and what it may touch.</param>
    /// <param name="group">Counts what it uses together with what it starts; null: nothing does. It stays the caller's.</param>
    /// <returns>The child, with all three pipes redirected.</returns>
    /// <exception cref="FailedPreconditionException">
    /// <c>SANDBOX_MISSING</c>: the mode is <see cref="SandboxMode.Required"/>, and bubblewrap cannot be used here; or what sets the limits is
    /// missing.
    /// </exception>
    public Process Start(SandboxedCommand command, ControlGroup? group = null)
    {
        ArgumentNullException.ThrowIfNull(command);
        ProcessStartInfo start = Prepare(command);
        group?.Wrap(start);
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        try
        {
            return ProcessStarter.Start(start);
        }
        catch (Win32Exception error)
        {
            throw new FailedPreconditionException("SANDBOX_MISSING", $"'{start.FileName}' cannot be started: {error.Message}", error);
        }
    }

    /// <summary>What confines a program.</summary>
    /// <param name="command">The program.</param>
    /// <returns>As <see cref="Report"/> says, unless it needs what bubblewrap cannot give it here.</returns>
    public SandboxKind KindFor(SandboxedCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return Report.Kind == SandboxKind.Bubblewrap && command.NeedsProc && Report.ReasonWithProc is not null
            ? SandboxKind.ResourceLimits
            : Report.Kind;
    }

    private ProcessStartInfo Prepare(SandboxedCommand command)
    {
        SandboxKind kind = KindFor(command);
        if (_mode == SandboxMode.Required && kind != SandboxKind.Bubblewrap)
        {
            throw new FailedPreconditionException(
                "SANDBOX_MISSING",
                $"Child processes must be confined by bubblewrap, which cannot be used here: {Report.Reason ?? Report.ReasonWithProc}");
        }

        IReadOnlyList<string> limited = [.. Limits(command.Limits, kind), command.Program, .. command.Arguments];
        ProcessStartInfo start = kind == SandboxKind.Bubblewrap
            ? Bubblewrap.Start(command, limited)
            : new ProcessStartInfo(limited[0], limited.Skip(1));
        start.UseShellExecute = false;
        start.Environment.Clear();
        start.Environment["PATH"] = Bubblewrap.SearchPath;
        foreach ((string name, string value) in command.Environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static IEnumerable<string> Limits(SandboxLimits limits, SandboxKind kind)
    {
        yield return "prlimit";
        yield return Invariant($"--as={limits.AddressSpaceBytes}");
        yield return Invariant($"--cpu={limits.CpuSeconds}");
        yield return Invariant($"--fsize={limits.FileBytes}");
        yield return "--core=0";
        if (kind == SandboxKind.ResourceLimits)
        {
            yield return Invariant($"--nproc={MaxUserProcesses}");
        }

        yield return "--";
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private SandboxReport Look() => _mode == SandboxMode.Limits ? LimitsOnly(null)
        : Bubblewrap.WhyNot.Value is { } reason ? LimitsOnly(reason)
        : new SandboxReport
        {
            Kind = SandboxKind.Bubblewrap,
            Message = "bubblewrap: read-only files, no network, no further processes, limits on memory, CPU time and file size",
            ReasonWithProc = Bubblewrap.WhyNotWithProc.Value,
        };

    private static SandboxReport LimitsOnly(string? reason) => new()
    {
        Kind = SandboxKind.ResourceLimits,
        Message = "resource limits only: memory, CPU time, file size; files and network of the host's user are open to child processes",
        Reason = reason,
    };
}
