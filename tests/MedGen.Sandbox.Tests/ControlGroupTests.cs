using System.Diagnostics;

namespace MedGen.Sandbox.Tests;

/// <summary>
/// Control groups of this machine, where they can be made, and both versions on folders that look like theirs: what is written where.
/// </summary>
public sealed class ControlGroupTests : IDisposable
{
    private static readonly GroupLimits Small = new() { MemoryBytes = 48L << 20 };

    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-groups-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(SandboxMode.Auto)]
    [InlineData(SandboxMode.Limits)]
    public async Task Run_OfWhatTakesTooMuchMemory_IsEndedByTheKernelAndSaysSo(SandboxMode mode)
    {
        await using ControlGroup group = Make(Small);

        (await RunAsync(mode, group, "exec awk 'BEGIN { s = \"x\"; while (length(s) < 300000000) s = s s }'")).ShouldNotBe(0);

        group.RanOutOfMemory.ShouldBeTrue();
    }

    [Fact]
    public async Task Run_OfWhatStaysWithin_Works()
    {
        await using ControlGroup group = Make(Small);

        (await RunAsync(SandboxMode.Auto, group, "exec true")).ShouldBe(0);

        group.RanOutOfMemory.ShouldBeFalse();
    }

    [Fact]
    public async Task Run_OfWhatStartsTooManyProcesses_Fails()
    {
        await using ControlGroup group = Make(Small with { Tasks = 3 });

        (await RunAsync(SandboxMode.Limits, group, "sleep 1 & sleep 1 & sleep 1 & sleep 1 & wait")).ShouldNotBe(0);
    }

    [Fact]
    public async Task Dispose_AfterTheProcess_LeavesNothing()
    {
        ControlGroup group = Make(Small);
        string[] before = Groups();
        await RunAsync(SandboxMode.Auto, group, "exec true");
        await group.DisposeAsync();

        before.ShouldNotBeEmpty();
        before.Where(Directory.Exists).ShouldBeEmpty();
    }

    [Fact]
    public async Task Look_AtVersion2_MovesThisProcessAsideAndLimitsInTheSameFolder()
    {
        string own = Version2(controllers: "cpuset cpu io memory pids", processes: "17\n18\n");

        (ControlGroups? groups, string? reason) = ControlGroups.Look(_folder, "0::/unit.service\n", 17, id => id == 18);
        await using ControlGroup group = new(groups.ShouldNotBeNull(reason), new GroupLimits { MemoryBytes = 1 << 20, Tasks = 9, Processors = 1.5 });

        groups!.Version.ShouldBe(2);
        groups.Lacks("cpu").ShouldBeNull();
        Read(own, "host", "cgroup.procs").ShouldBe("18"); // each is written by itself; the kernel adds it
        Read(own, "cgroup.subtree_control").ShouldBe("+memory +pids +cpu");
        string made = Directory.GetDirectories(own, "medgen-*").ShouldHaveSingleItem();
        Read(made, "memory.max").ShouldBe("1048576");
        Read(made, "pids.max").ShouldBe("9");
        File.WriteAllText(Path.Combine(made, "memory.events"), "low 0\noom 2\noom_kill 1\n");
        group.RanOutOfMemory.ShouldBeTrue();
        Directory.Delete(made, recursive: true);
    }

    [Theory]
    [InlineData("cpu io", "17\n", "the controller 'memory' is not delegated")]
    [InlineData("memory pids", "17\n40\n", "process 40, which is none of this program's")]
    public void Look_AtVersion2ThatIsNotOurs_SaysWhyAndChangesNothing(string controllers, string processes, string why)
    {
        string own = Version2(controllers, processes);

        (ControlGroups? groups, string? reason) = ControlGroups.Look(_folder, "0::/unit.service\n", 17, id => false);

        groups.ShouldBeNull();
        reason!.ShouldContain(why);
        Directory.GetDirectories(own).ShouldBeEmpty();
    }

    [Fact]
    public async Task Look_AtVersion1_LimitsInAFolderOfEachController()
    {
        foreach (string controller in new[] { "memory/mine", "pids", "cpu" })
        {
            Directory.CreateDirectory(Path.Combine(_folder, controller));
        }

        (ControlGroups? groups, string? reason) = ControlGroups.Look(_folder, "8:pids:/\n4:memory:/mine\n1:cpu,cpuacct:/elsewhere\n0::/\n", 17, id => false);
        await using ControlGroup group = new(groups.ShouldNotBeNull(reason), new GroupLimits { MemoryBytes = 1 << 20, Tasks = 9 });

        groups!.Version.ShouldBe(1);
        string memory = Directory.GetDirectories(Path.Combine(_folder, "memory", "mine")).ShouldHaveSingleItem();
        Read(memory, "memory.limit_in_bytes").ShouldBe("1048576");
        Read(Directory.GetDirectories(Path.Combine(_folder, "pids")).ShouldHaveSingleItem(), "pids.max").ShouldBe("9");
        Directory.GetDirectories(Path.Combine(_folder, "cpu")).ShouldHaveSingleItem();
        Directory.GetDirectories(_folder).ToList().ForEach(folder => Directory.Delete(folder, recursive: true));
    }

    [Fact]
    public void Make_WhereOneControllerFails_LeavesNoHalfGroup()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "memory"));
        Directory.CreateDirectory(Path.Combine(_folder, "pids"));
        ControlGroups groups = ControlGroups.Look(_folder, "8:pids:/\n4:memory:/\n", 17, id => false).Groups!;
        groups.Lacks("cpu").ShouldBe("the controller 'cpu' is not there for this process's group");
        Directory.Delete(Path.Combine(_folder, "pids"));
        File.WriteAllText(Path.Combine(_folder, "pids"), "");

        Should.Throw<IOException>(() => new ControlGroup(groups, Small));

        Directory.GetFileSystemEntries(Path.Combine(_folder, "memory")).ShouldBeEmpty();
    }

    private static ControlGroup Make(GroupLimits limits)
    {
        ControlGroup? group = ControlGroup.TryCreate(limits);
        Assert.SkipWhen(group is null, $"No control group can be made here: {ControlGroup.WhyNot}.");
        return group!;
    }

    private static string[] Groups() =>
        [.. ControlGroups.Here.Value.Groups!.Folders.Values.SelectMany(folder => Directory.GetDirectories(folder, $"medgen-{Environment.ProcessId}-*"))];

    private static async Task<int> RunAsync(SandboxMode mode, ControlGroup group, string script)
    {
        SandboxLimits limits = new() { AddressSpaceBytes = 4L << 30, CpuSeconds = 60 };
        using Process process = ProcessSandbox.For(mode).Start(new SandboxedCommand { Program = "/bin/sh", Arguments = ["-c", script], Limits = limits }, group);
        Task<string> output = process.StandardOutput.ReadToEndAsync(Token);
        await process.StandardError.ReadToEndAsync(Token);
        await output;
        await process.WaitForExitAsync(Token);
        return process.ExitCode;
    }

    private static string Read(params string[] path) => File.ReadAllText(Path.Combine(path)).Trim();

    private string Version2(string controllers, string processes)
    {
        string own = Path.Combine(_folder, "unit.service");
        Directory.CreateDirectory(own);
        File.WriteAllText(Path.Combine(_folder, "cgroup.controllers"), controllers);
        File.WriteAllText(Path.Combine(own, "cgroup.controllers"), controllers + "\n");
        File.WriteAllText(Path.Combine(own, "cgroup.procs"), processes);
        return own;
    }
}
