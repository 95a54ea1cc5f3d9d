using System.Buffers.Binary;
using System.IO.Compression;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Media.Tests.Reading;

/// <summary>NIfTI-1 files as clips: slices in order, values by slope and intercept, turned as their orientation says.</summary>
public sealed class NiftiClipTests : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Read_OfAVolume_ScalesItsValuesAndTurnsThem(bool isBig, bool isCompressed)
    {
        // 3 x 2 x 2 voxels of 0 … 11; values are 2 · v + 10, shown from 10 to 32; axes lead right, anterior, superior.
        byte[] file = Make([3, 3, 2, 2], 4, isBig, head =>
        {
            Single(head, 112, 2, isBig);
            Single(head, 116, 10, isBig);
            Single(head, 128, 10, isBig);
            Single(head, 124, 32, isBig);
            Short(head, 254, 1, isBig);
            Single(head, 280, 1, isBig);
            Single(head, 300, 1, isBig);
            Single(head, 320, 1, isBig);
            Single(head, 80, 1500, isBig);
            Single(head, 84, 2000, isBig);
            head[123] = 3; // micrometres
        });
        string path = await WriteAsync("scan.bin", file, isCompressed);

        VideoInfo info = (await _bench.Reader.OpenAsync(path, Workbench.Token)).Info;
        List<FrameRecord> frames = [.. await _bench.ReadAsync(path)];

        (info.Width, info.Height, info.FrameCount, info.Container, info.PixelFormat, info.Codec)
            .ShouldBe((3, 2, 2L, "nifti", "int16", "NIfTI-1, axes RAS"));
        frames.Count.ShouldBe(2);
        frames[0].At(2, 1).Item1.ShouldBe((byte)0); // voxel 0: left of the patient, posterior: at the right and bottom
        frames[1].At(0, 0).Item1.ShouldBe((byte)255); // voxel 11
        frames[0].At(0, 1).Item1.ShouldBe((byte)Math.Round(4 / 22.0 * 255)); // voxel 2
        info.Spacing.ShouldBe(new PixelSpacing { X = 1.5, Y = 2 });
        FrameRecord last = (await _bench.ReadAsync(path, new FrameSampling { Format = FrameFormat.Gray16 }))[^1];
        info.Values!.Of(BitConverter.ToUInt16(last.Pixels)).ShouldBe(32); // voxel 11
        (info.Values.Minimum, info.Values.Maximum).ShouldBe((-65526, 65544));
    }

    [Fact]
    public async Task Read_OfPicturesInTime_HasTheirTimes()
    {
        byte[] file = Make([4, 2, 2, 1, 5], 2, isBig: false, head =>
        {
            Single(head, 92, 40, isBig: false);
            head[123] = 16; // ms
        });
        string path = await WriteAsync("cine.nii", file, isCompressed: false);

        VideoInfo info = (await _bench.Reader.OpenAsync(path, Workbench.Token)).Info;

        info.Spacing.ShouldBeNull(); // in no unit of length
        (info.FrameCount, info.FrameRate!.Value, info.Codec).ShouldBe((5L, 25.0, "NIfTI-1, axes not stated"));
        (await _bench.ReadAsync(path)).Select(frame => frame.At(0, 0).Item1).ShouldBe([(byte)0, (byte)4, (byte)8, (byte)12, (byte)16]);
    }

    [Theory]
    [InlineData("datatype", "datatype: got 32 of 64 bits")]
    [InlineData("dim", "dim: got 5 3 2 2 2 2")]
    [InlineData("pair", "magic: got ni1")]
    [InlineData("offset", "vox_offset: got 100")]
    [InlineData("short", "it is cut short")]
    public async Task Open_OfWhatIsNotRead_SaysTheField(string what, string message)
    {
        byte[] file = Make(what == "dim" ? [5, 3, 2, 2, 2, 2] : [3, 3, 2, 2], 4, isBig: false, head =>
        {
            if (what == "datatype")
            {
                Short(head, 70, 32, isBig: false);
                Short(head, 72, 64, isBig: false);
            }
            else if (what == "pair")
            {
                head[345] = (byte)'i';
            }
            else if (what == "offset")
            {
                Single(head, 108, 100, isBig: false);
            }
        });
        string path = await WriteAsync("scan.nii", what == "short" ? file[..^1] : file, isCompressed: what == "dim");

        (await Should.ThrowAsync<MediaException>(() => _bench.Reader.OpenAsync(path, Workbench.Token))).Message.ShouldContain(message);
    }

    private async Task<string> WriteAsync(string name, byte[] file, bool isCompressed)
    {
        string path = _bench.PathOf(name);
        if (!isCompressed)
        {
            await File.WriteAllBytesAsync(path, file, Workbench.Token);
            return path;
        }

        using FileStream target = File.Create(path);
        using GZipStream deflate = new(target, CompressionLevel.Fastest);
        await deflate.WriteAsync(file, Workbench.Token);
        return path;
    }

    // Voxels are 0, 1, 2, … in the order of the file.
    private static byte[] Make(short[] dim, short type, bool isBig, Action<byte[]> change)
    {
        int size = type == 2 ? 1 : 2;
        int voxels = dim.Skip(1).Aggregate(1, (all, one) => all * one);
        byte[] head = new byte[352];
        if (isBig)
        {
            BinaryPrimitives.WriteInt32BigEndian(head, 348);
        }
        else
        {
            BinaryPrimitives.WriteInt32LittleEndian(head, 348);
        }

        for (int i = 0; i < dim.Length; i++)
        {
            Short(head, 40 + (2 * i), dim[i], isBig);
        }

        Short(head, 70, type, isBig);
        Short(head, 72, (short)(8 * size), isBig);
        Single(head, 108, 352, isBig);
        "n+1\0"u8.CopyTo(head.AsSpan(344));
        change(head);
        byte[] values = new byte[voxels * size];
        for (int i = 0; i < voxels; i++)
        {
            if (size == 1)
            {
                values[i] = (byte)i;
            }
            else
            {
                Short(values, 2 * i, (short)i, isBig);
            }
        }

        return [.. head, .. values];
    }

    private static void Short(byte[] bytes, int at, short value, bool isBig)
    {
        if (isBig)
        {
            BinaryPrimitives.WriteInt16BigEndian(bytes.AsSpan(at), value);
        }
        else
        {
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(at), value);
        }
    }

    private static void Single(byte[] bytes, int at, float value, bool isBig)
    {
        if (isBig)
        {
            BinaryPrimitives.WriteSingleBigEndian(bytes.AsSpan(at), value);
        }
        else
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(at), value);
        }
    }
}
