using System.Diagnostics;
using System.Globalization;

namespace MedGen.Sandbox;

/// <summary>A control group of the kernel (cgroups(7)) for one child process and all that it starts. Disposed when they have ended.</summary>
public sealed class ControlGroup : IAsyncDisposable
{
    private const int PeriodMicroseconds = 100_000;

    // The shell enters the groups and becomes the program.
    private const string Entering = "IFS='\n'; for file in $0; do echo $$ > \"$file\" || exit 125; done; unset IFS; exec \"$@\"";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private static int _last;

    private readonly ControlGroups _groups;
    private readonly string _name;

    internal ControlGroup(ControlGroups groups, GroupLimits limits)
    {
        _groups = groups;
        _name = string.Create(CultureInfo.InvariantCulture, $"medgen-{Environment.ProcessId}-{Interlocked.Increment(ref _last)}");
        try
        {
            foreach (string folder in Folders())
            {
                Directory.CreateDirectory(folder);
            }

            Limit(limits);
        }
        catch
        {
            // Half a group limits nothing, and would stay.
            foreach (string folder in Folders())
            {
                TryRemove(folder);
            }

            throw;
        }
    }

    /// <summary>Which control groups limit here, and what they count, in one phrase; null: none does.</summary>
    public static string? InForce => ControlGroups.Here.Value.Groups is { } groups
        ? $"control groups (version {groups.Version}: {string.Join(", ", groups.Folders.Keys)})"
        : null;

    /// <summary>Why no control group can be made here; null: one can.</summary>
    public static string? WhyNot => ControlGroups.Here.Value.Reason;

    /// <summary>Why no group limits processors here, where some systems do not delegate them; null: groups do.</summary>
    public static string? WhyNotProcessors => WhyNot ?? ControlGroups.Here.Value.Groups!.Lacks("cpu");

    /// <summary>Whether the kernel ended one of its processes because they took too much memory together.</summary>
    public bool RanOutOfMemory => _groups.Version == 2 ? Count("memory.events") > 0 : Count("memory.oom_control") > 0;

    /// <summary>Makes a group.</summary>
    /// <param name="limits">What its processes may use together.</param>
    /// <returns>Null: none can be made here (<see cref="WhyNot"/>), or not any more.</returns>
    public static ControlGroup? TryCreate(GroupLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        try
        {
            return ControlGroups.Here.Value.Groups is { } groups ? new ControlGroup(groups, limits) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Removes it. What still runs in it, of version 2, is ended.</summary>
    /// <returns>Completes when it is gone, or does not go.</returns>
    public async ValueTask DisposeAsync()
    {
        long start = Stopwatch.GetTimestamp();
        foreach (string folder in Folders())
        {
            while (Directory.Exists(folder) && !TryRemove(folder) && Stopwatch.GetElapsedTime(start) < Patience)
            {
                await Task.Delay(Pause).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Has a program enter the group before it becomes itself: whatever it starts is in it from the beginning.</summary>
    internal void Wrap(ProcessStartInfo start)
    {
        string[] program = [start.FileName, .. start.ArgumentList];
        start.FileName = "/bin/sh";
        start.ArgumentList.Clear();
        string files = string.Join('\n', Folders().Select(folder => Path.Combine(folder, "cgroup.procs")));
        foreach (string argument in (string[])["-c", Entering, files, .. program])
        {
            start.ArgumentList.Add(argument);
        }
    }

    private void Limit(GroupLimits limits)
    {
        string quota = ((long)(limits.Processors * PeriodMicroseconds)).ToString(CultureInfo.InvariantCulture);
        if (_groups.Version == 2)
        {
            Write("memory", "memory.max", limits.MemoryBytes);
            Write("memory", "memory.swap.max", 0, isOptional: true);
            if (limits.Processors > 0)
            {
                Write("cpu", "cpu.max", $"{quota} {PeriodMicroseconds}", isOptional: true);
            }
        }
        else
        {
            Write("memory", "memory.limit_in_bytes", limits.MemoryBytes);
            Write("memory", "memory.memsw.limit_in_bytes", limits.MemoryBytes, isOptional: true);
            if (limits.Processors > 0)
            {
                Write("cpu", "cpu.cfs_quota_us", quota, isOptional: true);
            }
        }

        Write("pids", "pids.max", limits.Tasks);
    }

    private static bool TryRemove(string folder)
    {
        try
        {
            string kill = Path.Combine(folder, "cgroup.kill");
            if (File.Exists(kill))
            {
                File.WriteAllText(kill, "1");
            }

            Directory.Delete(folder);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A process of it has not quite ended.
            return false;
        }
    }

    private IEnumerable<string> Folders() => _groups.Folders.Values.Distinct().Select(folder => Path.Combine(folder, _name));

    private long Count(string file)
    {
        try
        {
            return File.ReadLines(Path.Combine(_groups.Folders["memory"], _name, file)).Select(line => line.Split(' '))
                .Where(words => words is ["oom_kill", _]).Sum(words => long.Parse(words[1], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            // An older kernel does not count them, or the group is gone.
            return 0;
        }
    }

    // Swap and processors are not counted on every machine.
    private void Write(string controller, string file, long value, bool isOptional = false) =>
        Write(controller, file, value.ToString(CultureInfo.InvariantCulture), isOptional);

    private void Write(string controller, string file, string value, bool isOptional = false)
    {
        if (_groups.Folders.TryGetValue(controller, out string? folder)
            && (!isOptional || File.Exists(Path.Combine(folder, _name, file))))
        {
            File.WriteAllText(Path.Combine(folder, _name, file), value);
        }
    }
}
