using System.Diagnostics;
using MedGen.Dicom.DataSets;
using MedGen.Sandbox;
using MedGen.Sdk.Errors;

namespace MedGen.Dicom.Pixels;

/// <summary>
/// Pictures (JPEG, JPEG-LS, JPEG 2000), decoded by GDCM's gdcmconv in the sandbox: some frames at a time, put into a file that holds nothing but what
/// describes them.
/// </summary>
internal sealed class PictureFrames : IFrameSource
{
    private const string Program = "gdcmconv";

    private static readonly DicomTag[] Described =
    [
        DicomTags.SamplesPerPixel, DicomTags.PhotometricInterpretation, DicomTags.PlanarConfiguration, DicomTags.Rows, DicomTags.Columns,
        DicomTags.BitsAllocated, DicomTags.BitsStored, DicomTags.HighBit, DicomTags.PixelRepresentation,
    ];

    private readonly DicomFile _file;
    private readonly DicomDecoding _options;
    private readonly PixelDescription _stored;
    private readonly IReadOnlyList<IReadOnlyList<DicomBulk>> _frames;
    private readonly int _chunk;
    private (int First, DicomFile File, NativeFrames Frames)? _decoded;
    private PixelDescription? _description;

    public PictureFrames(DicomFile file, DicomElement pixels, PixelDescription stored, DicomDecoding options)
    {
        (_file, _stored, _options) = (file, stored, options);
        _frames = FragmentMap.Of(file.DataSet, pixels, stored.Frames);
        IsMislabelled = stored.Photometric == "RGB" && BeginsAsJfif(_frames[0][0]);
        _chunk = (int)Math.Clamp(((long)options.ChunkMiB << 20) / ((long)stored.Rows * stored.Columns * stored.Samples * stored.BytesPerSample), 1,
            stored.Frames);
    }

    public PixelDescription Description => _description ?? _stored;

    /// <summary>Whether RGB is stated for JFIF pictures, which are YCbCr by that standard (ITU-T T.871), as DCMTK guesses, too.</summary>
    public bool IsMislabelled { get; }

    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(int index, CancellationToken cancellationToken)
    {
        int first = index - (index % _chunk);
        if (_decoded is not { } decoded || decoded.First != first)
        {
            decoded = await DecodeAsync(first, Math.Min(_chunk, _stored.Frames - first), cancellationToken).ConfigureAwait(false);
            Dispose();
            _decoded = decoded;
            _description = decoded.Frames.Description with
            {
                Frames = _stored.Frames, Photometric = IsMislabelled ? "YBR_FULL" : decoded.Frames.Description.Photometric,
            };
        }

        return await decoded.Frames.ReadAsync(index - first, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _decoded?.File.Dispose();
        _decoded = null;
    }

    private async Task<(int First, DicomFile File, NativeFrames Frames)> DecodeAsync(int first, int count, CancellationToken cancellationToken)
    {
        string folder = Directory.CreateTempSubdirectory("medgen-dicom-").FullName;
        try
        {
            (string coded, string native) = (Path.Combine(folder, "coded.dcm"), Path.Combine(folder, "native.dcm"));
            DicomWriter.Write(coded, Excerpt(first, count), _file.TransferSyntax, cancellationToken);
            await File.WriteAllBytesAsync(native, [], cancellationToken).ConfigureAwait(false);
            await RunAsync(coded, native, first, cancellationToken).ConfigureAwait(false);

            // Open files stay readable after their folder is gone.
            DicomFile file = DicomFile.Open(native);
            try
            {
                PixelDescription description = PixelDescription.Read(file.DataSet);
                if (file.DataSet.Find(DicomTags.PixelData) is not { Fragments: null } pixels || description.Rows != _stored.Rows
                    || description.Columns != _stored.Columns || description.Samples != _stored.Samples || description.Frames != count)
                {
                    throw new MediaException(
                        _file.Name, $"{_file.Name}: {count} frames of {_stored.Columns}x{_stored.Rows} px with {_stored.Samples} samples are "
                            + $"stated; the decoder found {description.Frames} of {description.Columns}x{description.Rows} px with "
                            + $"{description.Samples}.");
                }

                return (first, file, new NativeFrames(file.DataSet, pixels, description));
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool BeginsAsJfif(DicomBulk fragment)
    {
        byte[] head = new byte[11];
        if (fragment.Length < head.Length)
        {
            return false;
        }

        fragment.Read(0, head);
        return head.AsSpan(0, 4).SequenceEqual((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF, 0xE0]) && head.AsSpan(6).SequenceEqual("JFIF\0"u8);
    }

    private DicomDataSet Excerpt(int first, int count)
    {
        DicomDataSet excerpt = new();
        string kind = _stored.Samples == 3 ? "7.4" : _stored.BitsAllocated == 16 ? "7.3" : "7.2"; // multi-frame secondary captures
        excerpt.SetText(DicomTags.SopClassUid, $"1.2.840.10008.5.1.4.1.1.{kind}");
        excerpt.SetText(DicomTags.SopInstanceUid, DicomUid.New());
        excerpt.SetText(DicomTags.NumberOfFrames, FormattableString.Invariant($"{count}"));
        foreach (DicomTag tag in Described)
        {
            if (_file.DataSet.Find(tag) is { } element)
            {
                excerpt.Set(element);
            }
        }

        excerpt.Set(new DicomElement(DicomTags.PixelData, DicomVr.OB)
        {
            Fragments = [.. _frames.Skip(first).Take(count).SelectMany(frame => frame)],
            OffsetTable = Offsets(first, count),
            HasUndefinedLength = true,
        });
        return excerpt;
    }

    private List<uint> Offsets(int first, int count)
    {
        List<uint> offsets = [];
        long at = 0;
        for (int frame = first; frame < first + count; frame++)
        {
            offsets.Add(checked((uint)at));
            at += _frames[frame].Sum(fragment => 8 + fragment.Length + (fragment.Length & 1));
        }

        return offsets;
    }

    private async Task RunAsync(string coded, string native, int first, CancellationToken cancellationToken)
    {
        SandboxedCommand command = new()
        {
            Program = Find(),
            Arguments = ["--raw", coded, native],
            Readable = [coded],
            Writable = [native],
            Environment = new Dictionary<string, string> { ["MALLOC_ARENA_MAX"] = "1", ["LANG"] = "C.UTF-8" },
            Limits = new SandboxLimits
            {
                AddressSpaceBytes = (long)_options.ProcessMemoryMiB << 20,
                CpuSeconds = _options.ProcessCpuSeconds,
                FileBytes = 2 * (((long)_options.ChunkMiB << 20) + _stored.FrameBytes + (1 << 20)),
            },
        };
        using Process process = ProcessSandbox.For(_options.Sandbox).Start(command);
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(_options.Timeout);
        try
        {
            process.StandardInput.Close();
            Task<string> output = process.StandardOutput.ReadToEndAsync(late.Token);
            string said = await process.StandardError.ReadToEndAsync(late.Token).ConfigureAwait(false) + await output.ConfigureAwait(false);
            await process.WaitForExitAsync(late.Token).ConfigureAwait(false);
            if (process.ExitCode != 0)
            {
                string tail = said.ReplaceLineEndings("; ").Trim();
                throw new MediaException(
                    _file.Name, $"{_file.Name}: frame {first} and what follows cannot be decoded ({_file.TransferSyntax.Name}): {Program} ended with "
                        + $"code {process.ExitCode}{(tail.Length == 0 ? "" : $" and said: {tail[..Math.Min(tail.Length, 240)]}")}");
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new MediaException(
                _file.Name, $"{_file.Name}: frame {first} and what follows were not decoded within {_options.Timeout.TotalSeconds:0} s.");
        }
        finally
        {
            ProcessTree.Kill(process);
        }
    }

    private string Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, Program)).FirstOrDefault(File.Exists)
        ?? throw new FailedPreconditionException(
            "GDCM_MISSING", $"{_file.TransferSyntax.Name} is decoded by {Program}, which is not installed; on Debian and Ubuntu: apt-get "
                + "install libgdcm-tools");
}
