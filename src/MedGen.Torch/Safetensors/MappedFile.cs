using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace MedGen.Torch.Safetensors;

/// <summary>
/// A read-only memory map that tensors point into. It lives until its owner has released it and the last tensor over it is gone, so that a
/// tensor can never point at unmapped pages.
/// </summary>
internal sealed unsafe class MappedFile
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

    public ReadOnlySpan<byte> Bytes(long offset, int length) => new(_start + offset, length);

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
}
