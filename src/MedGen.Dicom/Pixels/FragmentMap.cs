using System.Buffers.Binary;
using MedGen.Dicom.DataSets;
using MedGen.Sdk.Errors;

namespace MedGen.Dicom.Pixels;

/// <summary>Which fragments make up which frame (PS3.5, A.4).</summary>
internal static class FragmentMap
{
    private const int ItemHeader = 8;

    /// <summary>By the offset tables; without them one fragment a frame, or a frame from each fragment on that begins a picture.</summary>
    /// <exception cref="MediaException">None of these gives as many frames as there are.</exception>
    public static IReadOnlyList<IReadOnlyList<DicomBulk>> Of(DicomDataSet set, DicomElement pixels, int frames)
    {
        IReadOnlyList<DicomBulk> fragments = pixels.Fragments!;
        if (frames == 1)
        {
            return [fragments];
        }

        return ByOffsets(fragments, Offsets(set, pixels), frames)
            ?? (fragments.Count == frames ? Split(fragments, (_, _) => true) : ByMarks(fragments, frames))
            ?? throw new MediaException(
                set.Name, $"{set.Name}: {pixels.Tag} has {fragments.Count} fragments for {frames} frames ({DicomTags.NumberOfFrames}) and "
                    + $"{pixels.OffsetTable.Count} offsets, which do not tell where each frame begins.");
    }

    private static List<long> Offsets(DicomDataSet set, DicomElement pixels)
    {
        if (pixels.OffsetTable.Count > 0 || set.Find(DicomTags.ExtendedOffsetTable) is not { } extended)
        {
            return [.. pixels.OffsetTable];
        }

        ReadOnlySpan<byte> bytes = extended.Read(1 << 26, set.Name).Span;
        List<long> offsets = [];
        for (int at = 0; at + 8 <= bytes.Length; at += 8)
        {
            offsets.Add(BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]));
        }

        return offsets;
    }

    private static List<IReadOnlyList<DicomBulk>>? ByOffsets(IReadOnlyList<DicomBulk> fragments, List<long> offsets, int frames)
    {
        if (offsets.Count != frames)
        {
            return null;
        }

        HashSet<long> starts = [.. offsets];
        List<IReadOnlyList<DicomBulk>> map = Split(
            fragments, (fragment, _) => starts.Contains(fragment.Position - fragments[0].Position));
        return map.Count == frames ? map : null;
    }

    private static List<IReadOnlyList<DicomBulk>>? ByMarks(IReadOnlyList<DicomBulk> fragments, int frames)
    {
        List<IReadOnlyList<DicomBulk>> map = Split(fragments, (fragment, head) => Begins(fragment, head));
        return map.Count == frames ? map : null;
    }

    private static List<IReadOnlyList<DicomBulk>> Split(IReadOnlyList<DicomBulk> fragments, Func<DicomBulk, byte[], bool> begins)
    {
        List<IReadOnlyList<DicomBulk>> map = [];
        List<DicomBulk> frame = [];
        byte[] head = new byte[3];
        foreach (DicomBulk fragment in fragments)
        {
            if (frame.Count > 0 && begins(fragment, head))
            {
                map.Add(frame);
                frame = [];
            }

            frame.Add(fragment);
        }

        map.Add(frame);
        return map;
    }

    // JPEG and JPEG-LS begin with FFD8FF, JPEG 2000 with FF4FFF.
    private static bool Begins(DicomBulk fragment, byte[] head)
    {
        if (fragment.Length < ItemHeader)
        {
            return false;
        }

        fragment.Read(0, head);
        return head is [0xFF, 0xD8 or 0x4F, 0xFF];
    }
}
