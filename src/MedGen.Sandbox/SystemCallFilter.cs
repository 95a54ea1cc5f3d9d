using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MedGen.Sandbox;

/// <summary>
/// The seccomp filter of a confined process, for x86-64: threads yes, processes no; no sockets unless they are asked for; nothing that mounts,
/// traces other processes, loads
/// code into the kernel or has been a way out of sandboxes before. All else is allowed, since libraries differ in what they call.
/// </summary>
internal static partial class SystemCallFilter
{
    // linux/filter.h and linux/seccomp.h
    private const ushort Load = 0x20;
    private const ushort JumpIfEqual = 0x15;
    private const ushort JumpIfAtLeast = 0x35;
    private const ushort JumpIfBitsSet = 0x45;
    private const ushort Return = 0x06;
    private const uint Kill = 0x8000_0000;
    private const uint Allow = 0x7fff_0000;
    private const uint NotPermitted = 0x0005_0001; // errno EPERM
    private const uint NotImplemented = 0x0005_0026; // errno ENOSYS
    private const uint NumberOffset = 0;
    private const uint ArchitectureOffset = 4;
    private const uint FirstArgumentOffset = 16;
    private const uint X64 = 0xc000_003e;
    private const uint FirstX32Call = 0x4000_0000;
    private const uint CloneThread = 0x0001_0000;
    private const uint Clone = 56;
    private const uint Clone3 = 435;
    private const uint CloseOnExec = 1;

    private static readonly uint[] Sockets =
    [
        41, // socket
        53, // socketpair
    ];

    private static readonly uint[] Denied =
    [
        57, // fork
        58, // vfork
        101, // ptrace
        155, // pivot_root
        161, // chroot
        165, // mount
        166, // umount2
        175, // init_module
        246, // kexec_load
        248, // add_key
        249, // request_key
        250, // keyctl
        272, // unshare
        298, // perf_event_open
        304, // open_by_handle_at
        308, // setns
        310, // process_vm_readv
        311, // process_vm_writev
        313, // finit_module
        321, // bpf
        323, // userfaultfd
        425, // io_uring_setup
        428, // open_tree
        429, // move_mount
        442, // mount_setattr
    ];

    // Kept open: the paths lead to them.
    private static readonly List<SafeFileHandle> Memory = [];

    private static readonly Lazy<string> WithoutSockets = new(() => Publish(Assemble()));

    private static readonly Lazy<string> WithSockets = new(() => Publish(Assemble(mayOpenSockets: true)));

    /// <summary>Path under which a child process can open the filter; it lies in memory and goes with this process.</summary>
    /// <param name="mayOpenSockets">Whether sockets are allowed.</param>
    public static string LocationFor(bool mayOpenSockets) => (mayOpenSockets ? WithSockets : WithoutSockets).Value;

    /// <summary>The program in the kernel's form: 8 bytes an instruction.</summary>
    /// <param name="mayOpenSockets">Whether sockets are allowed.</param>
    public static byte[] Assemble(bool mayOpenSockets = false)
    {
        List<(ushort Code, byte IfTrue, byte IfFalse, uint Value)> program =
        [
            (Load, 0, 0, ArchitectureOffset),
            (JumpIfEqual, 1, 0, X64),
            (Return, 0, 0, Kill),
            (Load, 0, 0, NumberOffset),
            (JumpIfAtLeast, 0, 1, FirstX32Call),
            (Return, 0, 0, NotPermitted),
        ];
        foreach (uint call in mayOpenSockets ? Denied : [.. Sockets, .. Denied])
        {
            program.Add((JumpIfEqual, 0, 1, call));
            program.Add((Return, 0, 0, NotPermitted));
        }

        program.AddRange(
        [
            // The flags of clone3 lie in memory that a filter cannot read; without it the C library uses clone.
            (JumpIfEqual, 0, 1, Clone3),
            (Return, 0, 0, NotImplemented),
            (JumpIfEqual, 0, 3, Clone),
            (Load, 0, 0, FirstArgumentOffset),
            (JumpIfBitsSet, 1, 0, CloneThread),
            (Return, 0, 0, NotPermitted),
            (Return, 0, 0, Allow),
        ]);
        byte[] bytes = new byte[8 * program.Count];
        Span<byte> rest = bytes;
        foreach ((ushort code, byte ifTrue, byte ifFalse, uint value) in program)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(rest, code);
            (rest[2], rest[3]) = (ifTrue, ifFalse);
            BinaryPrimitives.WriteUInt32LittleEndian(rest[4..], value);
            rest = rest[8..];
        }

        return bytes;
    }

    private static string Publish(byte[] program)
    {
        int descriptor = CreateMemoryFile("medgen-seccomp", CloseOnExec);
        if (descriptor < 0)
        {
            throw new IOException("The system call filter cannot be put into memory.", new Win32Exception(Marshal.GetLastPInvokeError()));
        }

        SafeFileHandle memory = new(descriptor, ownsHandle: true);
        lock (Memory)
        {
            Memory.Add(memory);
        }

        RandomAccess.Write(memory, program, fileOffset: 0);
        return $"/proc/{Environment.ProcessId}/fd/{descriptor}";
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateMemoryFile(string name, uint flags);
}
