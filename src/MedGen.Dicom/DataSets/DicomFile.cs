using System.IO.Compression;
using System.Runtime.CompilerServices;
using MedGen.Sdk.Errors;

namespace MedGen.Dicom.DataSets;

/// <summary>
/// An open DICOM file (PS3.10): its elements in memory, but for long values and pixels, which are read from it when they are asked for.
/// </summary>
public sealed class DicomFile : IDisposable
{
    private const int Preamble = 128;

    private readonly DicomSource[] _sources;

    private DicomFile(DicomSource[] sources, DicomDataSet meta, DicomDataSet data, DicomTransferSyntax syntax) =>
        (_sources, Meta, DataSet, TransferSyntax) = (sources, meta, data, syntax);

    /// <summary>Name of the file without its folder.</summary>
    public string Name => _sources[0].Name;

    /// <summary>The file meta information (group 2).</summary>
    public DicomDataSet Meta { get; }

    /// <summary>The data set.</summary>
    public DicomDataSet DataSet { get; }

    /// <summary>How it is encoded.</summary>
    public DicomTransferSyntax TransferSyntax { get; }

    /// <summary>Whether a file begins as a DICOM file does: the mark DICM after 128 bytes.</summary>
    /// <param name="path">A file that exists.</param>
    /// <param name="cancellationToken">Stops the look.</param>
    /// <returns>Whether it does.</returns>
    public static async Task<bool> IsDicomAsync(string path, CancellationToken cancellationToken)
    {
        byte[] head = new byte[Preamble + 4];
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
        await using ConfiguredAsyncDisposable fileDisposal = file.ConfigureAwait(false);
        int length = await file.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return length == head.Length && head.AsSpan(Preamble).SequenceEqual("DICM"u8);
    }

    /// <summary>Opens a file and reads its elements.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">What it may ask; null: the defaults.</param>
    /// <returns>The file, which the caller disposes.</returns>
    /// <exception cref="MediaException">It is no DICOM file, is broken, or asks for more than the limits; the message names tag and
    /// position.</exception>
    public static DicomFile Open(string path, DicomLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        limits ??= new DicomLimits();
        List<DicomSource> sources = [DicomSource.Open(path)];
        try
        {
            DicomSource source = sources[0];
            Span<byte> mark = stackalloc byte[4];
            if (source.Read(Preamble, mark) != mark.Length || !mark.SequenceEqual("DICM"u8))
            {
                throw new MediaException(source.Name, $"{source.Name}: no DICOM file, the mark DICM is missing at byte {Preamble}.");
            }

            (DicomDataSet meta, long start) = new DicomParser(source, limits).ReadMeta(Preamble + mark.Length);
            string uid = meta.Text(DicomTags.TransferSyntaxUid);
            if (uid.Length == 0)
            {
                throw new MediaException(source.Name, $"{source.Name}: {DicomTags.TransferSyntaxUid} is missing.");
            }

            DicomTransferSyntax syntax = DicomTransferSyntax.Find(uid);
            if (syntax.IsDeflated)
            {
                sources.Add(DicomSource.Temporary(source.Name, target => Inflate(source, start, target, limits)));
                start = 0;
            }

            return new DicomFile([.. sources], meta, new DicomParser(sources[^1], limits).Read(start, syntax), syntax);
        }
        catch
        {
            sources.ForEach(one => one.Dispose());
            throw;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (DicomSource source in _sources)
        {
            source.Dispose();
        }
    }

    private static void Inflate(DicomSource source, long start, Stream target, DicomLimits limits)
    {
        using DeflateStream inflate = new(new BulkStream(new DicomBulk(source, start, source.Length - start)), CompressionMode.Decompress);
        byte[] buffer = new byte[1 << 16];
        long total = 0;
        try
        {
            int read;
            while ((read = inflate.Read(buffer)) > 0)
            {
                total += read;
                if (total > limits.InflatedBytes)
                {
                    throw new MediaException(
                        source.Name, $"{source.Name}: the deflated data set has more than {limits.InflatedBytes} bytes; no more are inflated.");
                }

                target.Write(buffer.AsSpan(0, read));
            }
        }
        catch (InvalidDataException error)
        {
            throw new MediaException(source.Name, $"{source.Name}: at byte {start}: the deflated data set is broken after {total} bytes.", error);
        }
    }
}
