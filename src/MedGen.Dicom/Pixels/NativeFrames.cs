using MedGen.Dicom.DataSets;
using MedGen.Sdk.Errors;

namespace MedGen.Dicom.Pixels;

/// <summary>Frames that are stored as they are.</summary>
internal sealed class NativeFrames : IFrameSource
{
    private readonly DicomElement _pixels;
    private readonly IReadOnlyList<IReadOnlyList<DicomBulk>>? _fragments;

    public NativeFrames(DicomDataSet set, DicomElement pixels, PixelDescription description)
    {
        (_pixels, Description) = (pixels, description);
        if (pixels.Fragments is not null)
        {
            _fragments = FragmentMap.Of(set, pixels, description.Frames);
            return;
        }

        if (pixels.Length / description.FrameBytes < description.Frames)
        {
            throw new MediaException(
                set.Name, $"{set.Name}: {DicomTags.NumberOfFrames} is {description.Frames}, the pixel data is that of "
                    + $"{pixels.Length / description.FrameBytes}: {pixels.Tag} has {pixels.Length} bytes, a frame {description.FrameBytes}.");
        }
    }

    public PixelDescription Description { get; }

    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(int index, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        int length = checked((int)Description.FrameBytes);
        long offset = index * Description.FrameBytes;
        if (_fragments is null && _pixels.Bulk is null)
        {
            return ValueTask.FromResult(_pixels.Bytes.Slice((int)offset, length));
        }

        byte[] frame = new byte[length];
        if (_pixels.Bulk is { } bulk)
        {
            bulk.Read(offset, frame);
        }
        else
        {
            int at = 0;
            foreach (DicomBulk fragment in _fragments![index])
            {
                int count = (int)Math.Min(fragment.Length, length - at);
                fragment.Read(0, frame.AsSpan(at, count));
                at += count;
            }
        }

        return ValueTask.FromResult<ReadOnlyMemory<byte>>(frame);
    }

    public void Dispose()
    {
    }
}
