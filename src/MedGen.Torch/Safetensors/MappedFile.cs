using System.IO.MemoryMappedFiles;
using System.Numerics;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace MedGen.Torch.Safetensors;

/// <summary>
/// A read-only memory map that tensors point into. It lives until its owner has released it and the last tensor over it is gone, so that a
/// tensor can never point at unmapped pages.
/// </summary>
internal sealed unsafe partial class MappedFile
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;
    private readonly ReleaseTensor _release;
    private readonly nint _releasePointer;
    private GCHandle _self;
    private int _references = 1;

    public MappedFile(string path)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, mapName: null, capacity: 0, MemoryMappedFileAccess.Read);
        _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        _release = _ => Release();
        _releasePointer = Marshal.GetFunctionPointerForDelegate(_release);
        // libtorch keeps the function pointer alone, which the garbage collector does not see.
        _self = GCHandle.Alloc(this);
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate void ReleaseTensor(nint data);

    /// <summary>A tensor over the map's pages. Writing to it ends the process: the pages are read-only.</summary>
    public Tensor Tensor(long offset, IReadOnlyList<long> shape, SafetensorsDataType type)
    {
        Interlocked.Increment(ref _references);
        long[] sizes = [.. shape];
        fixed (long* sizesPointer = sizes)
        {
            sbyte scalar = (sbyte)type.ToScalarType();
            nint handle = NativeTensor.THSTensor_new(_start + offset, _releasePointer, sizesPointer, sizes.Length, scalar, scalar, 0, -1, 0);
            if (handle == 0)
            {
                Release();
                throw new InvalidOperationException($"libtorch could not make a tensor over {sizes.Length} dimensions of {type.HeaderName()}.");
            }
            return global::TorchSharp.torch.Tensor.UnsafeCreateTensor(handle);
        }
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _references) > 0)
        {
            return;
        }
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
        _self.Free();
    }

    /// <summary>
    /// Whether no value is NaN or infinite: looks for exponents of ones only (F8_E4M3 has no infinity; there all seven bits are NaN). Reads the pages
    /// once, at the speed of memory, allocates nothing, and lets the pages go again, so that a model that nobody has used yet is not resident.
    /// </summary>
    public bool IsFinite(long offset, SafetensorInfo info)
    {
        // A span holds less than 2 GB.
        const int Block = 1 << 26;
        for (long done = 0; done < info.ByteLength; done += Block)
        {
            ReadOnlySpan<byte> bytes = new(_start + offset + done, (int)Math.Min(Block, info.ByteLength - done));
            bool finite = info.DataType switch
            {
                SafetensorsDataType.F64 => IsFinite(MemoryMarshal.Cast<byte, ulong>(bytes), 0x7FF0_0000_0000_0000UL),
                SafetensorsDataType.F32 => IsFinite(MemoryMarshal.Cast<byte, uint>(bytes), 0x7F80_0000U),
                SafetensorsDataType.F16 => IsFinite(MemoryMarshal.Cast<byte, ushort>(bytes), (ushort)0x7C00),
                SafetensorsDataType.BF16 => IsFinite(MemoryMarshal.Cast<byte, ushort>(bytes), (ushort)0x7F80),
                SafetensorsDataType.F8E4M3 => IsFinite(bytes, (byte)0x7F),
                _ => true,
            };
            LetGo(_start + offset + done, bytes.Length);
            if (!finite)
            {
                return false;
            }
        }

        return true;
    }

    // The pages stay in the system's cache and come back when they are read again.
    private static void LetGo(byte* start, long length)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        const int DoNotNeed = 4;
        nint page = Environment.SystemPageSize;
        nint first = ((nint)start + page - 1) / page * page;
        nint last = ((nint)start + (nint)length) / page * page;
        if (last > first)
        {
            _ = Advise(first, (nuint)(last - first), DoNotNeed);
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nuint length, int advice);

    private static bool IsFinite<T>(ReadOnlySpan<T> values, T mask)
        where T : unmanaged, IBinaryInteger<T>
    {
        Vector<T> masks = new(mask);
        int i = 0;
        for (; i <= values.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            if (Vector.EqualsAny(new Vector<T>(values[i..]) & masks, masks))
            {
                return false;
            }
        }

        for (; i < values.Length; i++)
        {
            if ((values[i] & mask) == mask)
            {
                return false;
            }
        }

        return true;
    }
}
