using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MedGen.Dicom.Pixels;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using Microsoft.Win32.SafeHandles;

namespace MedGen.Media.Reading.Nifti;

/// <summary>
/// The slices of a NIfTI-1 file along its third axis, volume after volume. Values are slope · value + intercept, shown from cal_min to cal_max, bytes
/// without a slope as they are, else from the 1st to the 99th percentile of up to 8 slices. Where the orientation is stated the pictures are turned
/// as readers look at them: right of the patient, or anterior, at the left; anterior, or superior, at the top.
/// </summary>
internal sealed class NiftiPictures : IDicomPictures
{
    private const long LargestInflated = 8L << 30;
    private const int SampledFrames = 8;
    private const int SampledValues = 1 << 16;

    private readonly SafeFileHandle _file;
    private readonly string _name;
    private readonly string? _temporary;
    private readonly bool _isMirrored;
    private readonly bool _isUpsideDown;
    private (double Low, double High)? _shown;

    private NiftiPictures(SafeFileHandle file, string name, string? temporary, NiftiHeader header)
    {
        (_file, _name, _temporary, Header, _shown) = (file, name, temporary, header, header.Shown);
        _isMirrored = header.Orientation is ['R' or 'A' or 'S', ..];
        _isUpsideDown = header.Orientation is [_, 'R' or 'A' or 'S', ..];
        Times = header.Frames == 1 ? null
            : FrameTimes.Every(header.Slices == 1 && header.Step is { } step ? step : TimeSpan.FromSeconds(1 / FrameTimes.DefaultRate),
                header.Frames, "pixdim[4]");
    }

    public NiftiHeader Header { get; }

    public int Width => Header.Columns;

    public int Height => Header.Rows;

    public int FrameCount => Header.Frames;

    public int BitsStored => Header.Type == "rgb24" ? 8 : 8 * Header.VoxelBytes;

    public string Photometric => Header.Type;

    public FrameTimes? Times { get; }

    public ValueScale? Values => Header.Values;

    public PixelSpacing? Spacing => Header.Spacing is var (x, y) ? new PixelSpacing { X = x, Y = y } : null;

    public Acquisition? Acquisition => null;

    /// <summary>Whether a file is NIfTI, compressed or not, by its content.</summary>
    public static async Task<bool> IsOneAsync(string path, CancellationToken cancellationToken)
    {
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 4096,
            FileOptions.Asynchronous);
        await using ConfiguredAsyncDisposable disposal = file.ConfigureAwait(false);
        byte[] head = new byte[NiftiHeader.Bytes];
        int length = await file.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (length < 2 || head[0] != 0x1F || head[1] != 0x8B)
        {
            return NiftiHeader.IsOne(head.AsSpan(0, length));
        }

        file.Position = 0;
        try
        {
            GZipStream inflate = new(file, CompressionMode.Decompress, leaveOpen: true);
            await using ConfiguredAsyncDisposable inflateDisposal = inflate.ConfigureAwait(false);
            length = await inflate.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return NiftiHeader.IsOne(head.AsSpan(0, length));
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    /// <exception cref="MediaException">It is of a kind that is not read, is cut short, or has larger pictures than are decoded.</exception>
    public static async Task<NiftiPictures> OpenAsync(string path, MediaOptions options, CancellationToken cancellationToken)
    {
        string name = Path.GetFileName(path);
        string? temporary = null;
        SafeFileHandle? file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            byte[] head = new byte[NiftiHeader.Bytes];
            if (RandomAccess.Read(file, head, 0) >= 2 && head[0] == 0x1F && head[1] == 0x8B)
            {
                file.Dispose();
                temporary = Path.Combine(Path.GetTempPath(), $"medgen-{Guid.NewGuid():N}.tmp");
                await InflateAsync(path, temporary, name, cancellationToken).ConfigureAwait(false);
                file = File.OpenHandle(temporary);
                RandomAccess.Read(file, head, 0);
            }

            NiftiHeader header = NiftiHeader.Read(head, name);
            if ((long)header.Columns * header.Rows > options.MaxPixels)
            {
                throw new MediaException(name,
                    $"{name} has pictures of {header.Columns}x{header.Rows} px; at most {options.MaxPixels} px in all are decoded.");
            }

            long needed = header.Offset + ((long)header.Columns * header.Rows * header.VoxelBytes * header.Frames);
            if (RandomAccess.GetLength(file) < needed)
            {
                throw new MediaException(name,
                    $"{name}: NIfTI: the file has {RandomAccess.GetLength(file)} bytes; its dim needs {needed}: it is cut short.");
            }

            return new NiftiPictures(file, name, temporary, header);
        }
        catch
        {
            file.Dispose();
            if (temporary is not null)
            {
                File.Delete(temporary);
            }

            throw;
        }
    }

    public Task<VideoFrame> ReadFrameAsync(int index, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        byte[] stored = Stored(index);
        VideoFrame frame = VideoFrame.Rent(Width, Height, index, Times?.At(index) ?? TimeSpan.Zero);
        Span<byte> pixels = frame.WritablePixels.Span;
        (double low, double high) = Header.Type == "rgb24" ? default : _shown ??= Range();
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
            {
                int at = Place(x, y);
                Span<byte> pixel = pixels.Slice(3 * ((y * Width) + x), 3);
                if (Header.Type == "rgb24")
                {
                    stored.AsSpan(3 * at, 3).CopyTo(pixel);
                    continue;
                }

                double level = (Value(stored, at) - low) / (high - low) * 255;
                pixel.Fill(double.IsNaN(level) ? (byte)0 : (byte)Math.Clamp(Math.Round(level), 0, 255));
            }
        }

        return Task.FromResult(frame);
    }

    public Task<VideoFrame> ReadGray16Async(int index, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ValueScale values = Values ?? throw new InvalidOperationException("The pictures have no values of 16 bits.");
        byte[] stored = Stored(index);
        VideoFrame frame = VideoFrame.RentIn(FrameFormat.Gray16, Width, Height, index, Times?.At(index) ?? TimeSpan.Zero);
        Span<ushort> pixels = MemoryMarshal.Cast<byte, ushort>(frame.WritablePixels.Span);
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
            {
                pixels[(y * Width) + x] = (ushort)Math.Round((Value(stored, Place(x, y)) - values.Intercept) / values.Slope);
            }
        }

        return Task.FromResult(frame);
    }

    private int Place(int x, int y) => ((_isUpsideDown ? Height - 1 - y : y) * Width) + (_isMirrored ? Width - 1 - x : x);

    public void Dispose()
    {
        _file.Dispose();
        if (_temporary is not null)
        {
            File.Delete(_temporary);
        }
    }

    private static async Task InflateAsync(string path, string target, string name, CancellationToken cancellationToken)
    {
        try
        {
            FileStream source = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16, FileOptions.Asynchronous);
            await using ConfiguredAsyncDisposable sourceDisposal = source.ConfigureAwait(false);
            GZipStream inflate = new(source, CompressionMode.Decompress);
            await using ConfiguredAsyncDisposable inflateDisposal = inflate.ConfigureAwait(false);
            FileStream file = new(target, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous);
            await using ConfiguredAsyncDisposable fileDisposal = file.ConfigureAwait(false);
            byte[] buffer = new byte[1 << 16];
            int read;
            while ((read = await inflate.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                if (file.Length + read > LargestInflated)
                {
                    throw new MediaException(name, $"{name}: NIfTI: inflated it has more than {LargestInflated} bytes, which is the most allowed.");
                }

                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            }
        }
        catch (InvalidDataException error)
        {
            throw new MediaException(name, $"{name}: NIfTI: its compression is broken.", error);
        }
    }

    private byte[] Stored(int index)
    {
        byte[] stored = new byte[Width * Height * Header.VoxelBytes];
        long start = Header.Offset + ((long)index * stored.Length);
        int total = 0;
        while (total < stored.Length)
        {
            int read = RandomAccess.Read(_file, stored.AsSpan(total), start + total);
            total += read > 0 ? read : throw new MediaException(_name, $"{_name}: NIfTI: it has become shorter while it was read.");
        }

        return stored;
    }

    private (double Low, double High) Range()
    {
        if (Header is { Type: "uint8", Slope: 1, Intercept: 0 })
        {
            return (0, 255);
        }

        List<double> sample = [];
        for (int index = 0; index < FrameCount; index += (FrameCount + SampledFrames - 1) / SampledFrames)
        {
            byte[] stored = Stored(index);
            int stride = Math.Max(1, Width * Height / SampledValues);
            for (int at = 0; at < Width * Height; at += stride)
            {
                double value = Value(stored, at);
                if (double.IsFinite(value))
                {
                    sample.Add(value);
                }
            }
        }

        sample.Sort();
        double low = sample.Count == 0 ? 0 : sample[sample.Count / 100];
        return (low, Math.Max(sample.Count == 0 ? 1 : sample[sample.Count - 1 - (sample.Count / 100)], low + 1e-6));
    }

    private double Value(byte[] stored, int at)
    {
        Span<byte> bytes = stackalloc byte[8];
        int size = Header.VoxelBytes;
        stored.AsSpan(at * size, size).CopyTo(bytes);
        if (Header.IsBigEndian)
        {
            bytes[..size].Reverse();
        }

        double value = Header.Type switch
        {
            "uint8" => bytes[0],
            "int8" => (sbyte)bytes[0],
            "int16" => BinaryPrimitives.ReadInt16LittleEndian(bytes),
            "uint16" => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            "int32" => BinaryPrimitives.ReadInt32LittleEndian(bytes),
            "uint32" => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            "float32" => BinaryPrimitives.ReadSingleLittleEndian(bytes),
            _ => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        };
        return (value * Header.Slope) + Header.Intercept;
    }
}
