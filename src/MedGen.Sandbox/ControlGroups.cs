using System.Globalization;

namespace MedGen.Sandbox;

/// <summary>
/// Where this process can make control groups (cgroups(7)): below its own group. Version 1 has a hierarchy for each controller; version 2 has one, in
/// which a group with processes has no limited children, so that this process moves into a child of its own group first.
/// </summary>
internal sealed class ControlGroups
{
    private const string MountPoint = "/sys/fs/cgroup";
    private const string OwnChild = "host";

    private static readonly string[] Needed = ["memory", "pids"];
    private static readonly string[] Wanted = [.. Needed, "cpu"];

    private ControlGroups(int version, IReadOnlyDictionary<string, string> folders) => (Version, Folders) = (version, folders);

    /// <summary>Where groups are made here, or why none can be.</summary>
    public static Lazy<(ControlGroups? Groups, string? Reason)> Here { get; } = new(() => OperatingSystem.IsLinux()
        ? Look(MountPoint, File.ReadAllText("/proc/self/cgroup"), Environment.ProcessId, IsDescendant)
        : (null, "it needs Linux"));

    /// <summary>1 or 2.</summary>
    public int Version { get; }

    /// <summary>Folder in which groups are made, by controller: of version 2 the same for all.</summary>
    public IReadOnlyDictionary<string, string> Folders { get; }

    /// <summary>Why groups here do not limit what a controller counts; null: they do.</summary>
    public string? Lacks(string controller) =>
        Folders.ContainsKey(controller) ? null : $"the controller '{controller}' is not there for this process's group";

    /// <summary>Looks, and prepares what version 2 needs.</summary>
    /// <param name="mountPoint">Where the hierarchies are mounted.</param>
    /// <param name="own">
    /// Content of <c>/proc/self/cgroup</c>: <c>4:memory:/path</c> for each hierarchy of version 1, <c>0::/path</c> for version 2.
    /// </param>
    /// <param name="processId">This process.</param>
    /// <param name="isOurs">Whether another process was started by this one.</param>
    public static (ControlGroups? Groups, string? Reason) Look(string mountPoint, string own, int processId, Func<int, bool> isOurs)
    {
        try
        {
            return File.Exists(Path.Combine(mountPoint, "cgroup.controllers"))
                ? LookAtVersion2(mountPoint, own, processId, isOurs)
                : LookAtVersion1(mountPoint, own);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return (null, error.Message);
        }
    }

    private static (ControlGroups? Groups, string? Reason) LookAtVersion1(string mountPoint, string own)
    {
        Dictionary<string, string> folders = [];
        foreach (string controller in Wanted)
        {
            string? line = own.Split('\n').FirstOrDefault(line => line.Split(':') is [_, var names, ..] && names.Split(',').Contains(controller));
            string mounted = Path.Combine(mountPoint, controller);
            if (line is not null && Directory.Exists(mounted))
            {
                folders[controller] = Within(mounted, line.Split(':', 3)[2]);
            }
        }

        if (Needed.FirstOrDefault(controller => !folders.ContainsKey(controller)) is { } missing)
        {
            return (null, $"the controller '{missing}' is not mounted");
        }

        // Made and removed once, so that a hierarchy that may only be read is known before a plugin needs it.
        foreach (string folder in folders.Values)
        {
            string probe = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"medgen-{Environment.ProcessId}-probe"));
            Directory.CreateDirectory(probe);
            Directory.Delete(probe);
        }

        return (new ControlGroups(1, folders), null);
    }

    private static (ControlGroups? Groups, string? Reason) LookAtVersion2(string mountPoint, string own, int processId, Func<int, bool> isOurs)
    {
        string? line = own.Split('\n').FirstOrDefault(line => line.StartsWith("0::", StringComparison.Ordinal));
        string folder = Within(mountPoint, line?[3..] ?? "/");
        string[] controllers = File.ReadAllText(Path.Combine(folder, "cgroup.controllers"))
            .Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        if (Needed.FirstOrDefault(controller => !controllers.Contains(controller)) is { } missing)
        {
            return (null, $"the controller '{missing}' is not delegated to this process's group (systemd: Delegate=)");
        }

        int[] processes = [.. File.ReadLines(Path.Combine(folder, "cgroup.procs")).Select(id => int.Parse(id, CultureInfo.InvariantCulture))];
        if (processes.FirstOrDefault(id => id != processId && !isOurs(id)) is var foreign and not 0)
        {
            return (null, $"process {foreign}, which is none of this program's, is in the same group");
        }

        string child = Path.Combine(folder, OwnChild);
        Directory.CreateDirectory(child);
        foreach (int id in processes)
        {
            File.WriteAllText(Path.Combine(child, "cgroup.procs"), id.ToString(CultureInfo.InvariantCulture));
        }

        string[] used = [.. Wanted.Where(controllers.Contains)];
        File.WriteAllText(Path.Combine(folder, "cgroup.subtree_control"), string.Join(' ', used.Select(controller => "+" + controller)));
        return (new ControlGroups(2, used.ToDictionary(controller => controller, _ => folder)), null);
    }

    // In a container the path may be the host's, of which nothing is mounted but this process's own group.
    private static string Within(string mounted, string path) =>
        Path.Combine(mounted, path.Trim('/')) is var folder && Directory.Exists(folder) ? folder : mounted;

    private static bool IsDescendant(int processId)
    {
        for (int id = processId; id > 1; id = ParentOf(id))
        {
            if (id == Environment.ProcessId)
            {
                return true;
            }
        }

        return false;
    }

    // The fourth field; the second stands in parentheses and may hold any character. One that has ended meanwhile harms nobody.
    private static int ParentOf(int processId)
    {
        try
        {
            string stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"));
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return Environment.ProcessId;
        }
    }
}
