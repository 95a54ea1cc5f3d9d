using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Files;

namespace MedGen.Dicom.DataSets;

/// <summary>
/// Writes DICOM files (PS3.10). Sequences keep the form of their length, unknown and private values their bytes; long values are copied from where
/// they lie. Lengths of groups are not written, except that of the second.
/// </summary>
public static class DicomWriter
{
    /// <summary>Names this implementation in the files that it writes.</summary>
    public const string ImplementationClassUid = "2.25.218306917350264903385419853391867465721";

    private const string ImplementationVersion = "MEDGEN_1";
    private const uint Undefined = uint.MaxValue;
    private const int ShortestLong = 65_535;

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <param name="path">Where to; a file that is there is replaced.</param>
    /// <param name="data">The data set, with (0008,0016) SOP Class UID and (0008,0018) SOP Instance UID.</param>
    /// <param name="syntax">Its encoding; the pixels of the data set are in it already.</param>
    /// <param name="cancellationToken">Stops the writing; nothing is left.</param>
    /// <exception cref="MediaException">
    /// The data set has no class or instance, or a value does not fit the encoding.
    /// </exception>
    public static void Write(string path, DicomDataSet data, DicomTransferSyntax syntax, CancellationToken cancellationToken) =>
        WholeFile.Write(path, temporary =>
        {
            using FileStream file = new(temporary, FileMode.Create, FileAccess.Write);
            Write(file, data, syntax, cancellationToken);
        });

    /// <summary>Writes a file to a stream.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="data">The data set, with (0008,0016) SOP Class UID and (0008,0018) SOP Instance UID.</param>
    /// <param name="syntax">Its encoding; the pixels of the data set are in it already.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    /// <exception cref="MediaException">The data set has no class or instance, or a value does not fit the encoding.</exception>
    public static void Write(Stream target, DicomDataSet data, DicomTransferSyntax syntax, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(syntax);
        target.Write(new byte[128]);
        target.Write("DICM"u8);
        WriteMeta(target, data, syntax);
        if (!syntax.IsDeflated)
        {
            new Encoder(target, syntax.IsExplicit, syntax.IsBigEndian, cancellationToken).Write(data);
            return;
        }

        CountedStream counted = new(target);
        using (DeflateStream deflate = new(counted, CompressionLevel.Optimal, leaveOpen: true))
        {
            new Encoder(deflate, isExplicit: true, isBigEndian: false, cancellationToken).Write(data);
        }

        if (counted.Count % 2 == 1)
        {
            target.WriteByte(0);
        }
    }

    private static void WriteMeta(Stream target, DicomDataSet data, DicomTransferSyntax syntax)
    {
        DicomDataSet meta = new();
        meta.SetBytes(new(0x0002_0001), DicomVr.OB, new byte[] { 0, 1 });
        meta.Set(meta.Made(new(0x0002_0002), DicomVr.UI, Needed(data, new(0x0008_0016))));
        meta.Set(meta.Made(new(0x0002_0003), DicomVr.UI, Needed(data, new(0x0008_0018))));
        meta.SetText(DicomTags.TransferSyntaxUid, syntax.Uid);
        meta.SetText(new(0x0002_0012), ImplementationClassUid);
        meta.SetText(new(0x0002_0013), ImplementationVersion);
        using MemoryStream group = new();
        new Encoder(group, isExplicit: true, isBigEndian: false, CancellationToken.None).Write(meta);
        DicomDataSet length = new();
        length.SetBytes(new(0x0002_0000), DicomVr.UL, BitConverter.GetBytes((uint)group.Length));
        new Encoder(target, isExplicit: true, isBigEndian: false, CancellationToken.None).Write(length);
        group.WriteTo(target);
    }

    private static string Needed(DicomDataSet data, DicomTag tag) => data.Text(tag) is { Length: > 0 } value
        ? value
        : throw new MediaException(data.Name, $"{data.Name}: {tag} is missing; a file needs it.");

    private sealed class Encoder(Stream target, bool isExplicit, bool isBigEndian, CancellationToken cancellationToken)
    {
        public void Write(DicomDataSet set)
        {
            foreach (DicomElement element in set)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (element.Items is { } items)
                {
                    Encoder inner = element.Vr == DicomVr.UN && isExplicit ? new Encoder(target, false, false, cancellationToken) : this;
                    Head(element.Tag, element.Vr, element.HasUndefinedLength ? Undefined : checked((uint)inner.LengthOf(items)));
                    inner.WriteItems(items);
                    if (element.HasUndefinedLength)
                    {
                        inner.Delimiter(DicomTags.SequenceEnd, 0);
                    }
                }
                else if (element.Fragments is { } fragments)
                {
                    WriteFragments(element, fragments);
                }
                else
                {
                    WriteValue(element);
                }
            }
        }

        private void WriteItems(IReadOnlyList<DicomDataSet> items)
        {
            foreach (DicomDataSet item in items)
            {
                Delimiter(DicomTags.Item, item.HasUndefinedLength ? Undefined : checked((uint)LengthOf(item)));
                Write(item);
                if (item.HasUndefinedLength)
                {
                    Delimiter(DicomTags.ItemEnd, 0);
                }
            }
        }

        private void WriteValue(DicomElement element)
        {
            long length = Even(element.Length);
            DicomVr vr = StoredVr(element, length);
            Head(element.Tag, vr, checked((uint)length));
            int wordSize = isBigEndian ? element.Vr.WordSize() : 1;
            if (element.Bulk is null)
            {
                byte[] bytes = element.Bytes.ToArray();
                DicomBulk.Swap(bytes, wordSize);
                target.Write(bytes);
            }
            else if (wordSize == 1)
            {
                element.Bulk.CopyTo(target, cancellationToken);
            }
            else
            {
                Swapped(element.Bulk, wordSize);
            }

            if (element.Length % 2 == 1)
            {
                target.WriteByte(Padding(element.Vr));
            }
        }

        private void Swapped(DicomBulk bulk, int wordSize)
        {
            byte[] buffer = new byte[1 << 16];
            for (long at = 0; at < bulk.Length; at += buffer.Length)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Span<byte> piece = buffer.AsSpan(0, (int)Math.Min(buffer.Length, bulk.Length - at));
                bulk.Read(at, piece);
                DicomBulk.Swap(piece, wordSize);
                target.Write(piece);
            }
        }

        private void WriteFragments(DicomElement element, IReadOnlyList<DicomBulk> fragments)
        {
            Head(element.Tag, element.Vr, Undefined);
            Delimiter(DicomTags.Item, checked((uint)(4 * element.OffsetTable.Count)));
            Span<byte> offset = stackalloc byte[4];
            foreach (uint one in element.OffsetTable)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(offset, one);
                target.Write(offset);
            }

            foreach (DicomBulk fragment in fragments)
            {
                Delimiter(DicomTags.Item, checked((uint)Even(fragment.Length)));
                fragment.CopyTo(target, cancellationToken);
                if (fragment.Length % 2 == 1)
                {
                    target.WriteByte(0);
                }
            }

            Delimiter(DicomTags.SequenceEnd, 0);
        }

        // A text that is too long for 16 bits of length, which an implicit file can have, is UN in an explicit one (CP-1066).
        private DicomVr StoredVr(DicomElement element, long length) =>
            isExplicit && !element.Vr.HasLongLength() && length > ShortestLong ? DicomVr.UN : element.Vr;

        private void Head(DicomTag tag, DicomVr vr, uint length)
        {
            Span<byte> bytes = stackalloc byte[12];
            Tag(tag, bytes);
            int count = 8;
            if (!isExplicit)
            {
                Long(bytes[4..], length);
            }
            else
            {
                Encoding.ASCII.GetBytes(vr.ToString(), bytes[4..]);
                if (vr.HasLongLength())
                {
                    bytes.Slice(6, 2).Clear();
                    Long(bytes[8..], length);
                    count = 12;
                }
                else if (isBigEndian)
                {
                    BinaryPrimitives.WriteUInt16BigEndian(bytes[6..], (ushort)length);
                }
                else
                {
                    BinaryPrimitives.WriteUInt16LittleEndian(bytes[6..], (ushort)length);
                }
            }

            target.Write(bytes[..count]);
        }

        private void Delimiter(DicomTag tag, uint length)
        {
            Span<byte> bytes = stackalloc byte[8];
            Tag(tag, bytes);
            Long(bytes[4..], length);
            target.Write(bytes);
        }

        private void Tag(DicomTag tag, Span<byte> bytes)
        {
            if (isBigEndian)
            {
                BinaryPrimitives.WriteUInt16BigEndian(bytes, tag.Group);
                BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], tag.Element);
                return;
            }

            BinaryPrimitives.WriteUInt16LittleEndian(bytes, tag.Group);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes[2..], tag.Element);
        }

        private void Long(Span<byte> bytes, uint value)
        {
            if (isBigEndian)
            {
                BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
                return;
            }

            BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        }

        private long LengthOf(IReadOnlyList<DicomDataSet> items) =>
            items.Sum(item => 8 + LengthOf(item) + (item.HasUndefinedLength ? 8 : 0));

        private long LengthOf(DicomDataSet set)
        {
            long total = 0;
            foreach (DicomElement element in set)
            {
                long length = Even(element.Length);
                total += isExplicit && StoredVr(element, length).HasLongLength() ? 12 : 8;
                total += element.Items is { } items
                    ? (element.Vr == DicomVr.UN && isExplicit ? new Encoder(target, false, false, cancellationToken) : this).LengthOf(items)
                        + (element.HasUndefinedLength ? 8 : 0)
                    : element.Fragments is { } fragments
                        ? 16 + (4 * element.OffsetTable.Count) + fragments.Sum(fragment => 8 + Even(fragment.Length))
                    : length;
            }

            return total;
        }

        private static long Even(long length) => length + (length & 1);

        private static byte Padding(DicomVr vr) => vr.IsText() && vr != DicomVr.UI ? (byte)' ' : (byte)0;
    }

    // A deflated data set has an even length (PS3.5, A.5), which only its stream knows.
    private sealed class CountedStream(Stream target) : Stream
    {
        public long Count { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => Count;

        public override long Position
        {
            get => Count;
            set => throw new NotSupportedException();
        }

        public override void Flush() => target.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            target.Write(buffer);
            Count += buffer.Length;
        }
    }
}
