using System.IO.MemoryMappedFiles;
using System.Numerics;
using System.Runtime.InteropServices;
using MedGen.Torch.Operations;
using static TorchSharp.torch;

namespace MedGen.Torch.Memory;

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

    private delegate bool Predicate(ReadOnlySpan<byte> bytes);

    /// <summary>A tensor over the map's pages. Writing to it ends the process: the pages are read-only.</summary>
    public Tensor Tensor(long offset, IReadOnlyList<long> shape, ScalarType type)
    {
        Interlocked.Increment(ref _references);
        long[] sizes = [.. shape];
        fixed (long* sizesPointer = sizes)
        {
            sbyte scalar = (sbyte)type;
            nint handle = NativeTensor.THSTensor_new(_start + offset, _releasePointer, sizesPointer, sizes.Length, scalar, scalar, 0, -1, 0);
            if (handle == 0)
            {
                Release();
                throw new InvalidOperationException($"libtorch could not make a tensor over {sizes.Length} dimensions of {type}.");
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
    /// Whether no value is NaN or infinite: looks for exponents of ones only (float8_e4m3fn has no infinity; there all seven bits are NaN). Reads the
    /// pages once, at the speed of memory, allocates nothing, and lets the pages go again, so that a model that nobody has used yet is not resident.
    /// </summary>
    /// <param name="offset">First byte in the file.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="type">Number type; whole numbers are finite.</param>
    public bool IsFinite(long offset, long length, ScalarType type) => Check(offset, length, 8, bytes => type switch
    {
        ScalarType.Float64 => IsFinite(MemoryMarshal.Cast<byte, ulong>(bytes), 0x7FF0_0000_0000_0000UL),
        ScalarType.Float32 => IsFinite(MemoryMarshal.Cast<byte, uint>(bytes), 0x7F80_0000U),
        ScalarType.Float16 => IsFinite(MemoryMarshal.Cast<byte, ushort>(bytes), (ushort)0x7C00),
        ScalarType.BFloat16 => IsFinite(MemoryMarshal.Cast<byte, ushort>(bytes), (ushort)0x7F80),
        Float8Types.E4M3 => IsFinite(bytes, (byte)0x7F),
        Float8Types.E5M2 => IsFinite(bytes, (byte)0x7C),
        _ => true,
    });

    /// <summary>As <see cref="IsFinite(long, long, ScalarType)"/>, of some 16-bit floats in each of many blocks.</summary>
    /// <param name="offset">First byte in the file.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="blockBytes">Bytes of a block, an even number.</param>
    /// <param name="first">The first of them in a block, counted in pairs of bytes.</param>
    /// <param name="count">How many.</param>
    public bool AreFinite(long offset, long length, int blockBytes, int first, int count) => Check(offset, length, blockBytes, bytes =>
    {
        ReadOnlySpan<ushort> halves = MemoryMarshal.Cast<byte, ushort>(bytes);
        for (int block = first; block < halves.Length; block += blockBytes / 2)
        {
            for (int i = block; i < block + count; i++)
            {
                if ((halves[i] & 0x7C00) == 0x7C00)
                {
                    return false;
                }
            }
        }

        return true;
    });

    // In pieces that hold a whole number of units: a span holds less than 2 GB.
    private bool Check(long offset, long length, int unit, Predicate check)
    {
        int piece = (1 << 26) / unit * unit;
        for (long done = 0; done < length; done += piece)
        {
            ReadOnlySpan<byte> bytes = new(_start + offset + done, (int)Math.Min(piece, length - done));
            bool passes = check(bytes);
            LetGo(_start + offset + done, bytes.Length);
            if (!passes)
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
