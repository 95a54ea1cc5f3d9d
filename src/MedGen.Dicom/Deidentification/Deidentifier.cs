using MedGen.Dicom.DataSets;
using MedGen.Dicom.Pixels;
using MedGen.Sdk.Errors;

namespace MedGen.Dicom.Deidentification;

/// <summary>De-identifies files by the Basic Profile of PS3.15 and the options of a profile. One key for all files of a run.</summary>
public sealed class Deidentifier
{
    private static readonly DicomTag PatientId = new(0x0010_0020);
    private static readonly DicomTag StudyInstanceUid = new(0x0020_000D);
    private static readonly DicomTag ContentSequence = new(0x0040_A730);
    private static readonly DicomTag MediaStorageClass = new(0x0002_0002);
    private static readonly DicomTag EncapsulatedDocument = new(0x0042_0011);
    private static readonly DicomTag BurnedInAnnotation = new(0x0028_0301);

    private readonly DeidentificationProfile _profile;
    private readonly DeidentificationKey _key;
    private readonly DicomDecoding _decoding;

    /// <summary>Makes one.</summary>
    /// <param name="profile">The options.</param>
    /// <param name="key">From which stand-ins follow.</param>
    /// <param name="decoding">How compressed pictures are decoded for <see cref="DeidentificationProfile.CleanPixels"/>; null: the defaults.</param>
    public Deidentifier(DeidentificationProfile profile, DeidentificationKey key, DicomDecoding? decoding = null) =>
        (_profile, _key, _decoding) = (profile, key, decoding ?? new DicomDecoding());

    /// <summary>De-identifies a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="folder">Folder for the copy, which is named by its new instance.</param>
    /// <param name="cancellationToken">Stops; nothing is left.</param>
    /// <returns>What was done.</returns>
    /// <exception cref="MediaException">
    /// It is no DICOM file, is broken, holds what is not cleaned (structured reports, documents), or its pixels are to be cleaned and cannot be.
    /// </exception>
    public async Task<DeidentifiedObject> RunAsync(string path, string folder, CancellationToken cancellationToken)
    {
        using DicomFile file = DicomFile.Open(path);
        DicomDataSet set = file.DataSet;
        foreach (DicomTag refused in new[] { ContentSequence, EncapsulatedDocument }.Where(set.Contains))
        {
            throw new MediaException(file.Name, $"{file.Name}: {refused} is not cleaned; such objects are not de-identified.");
        }

        DeidentifiedObject report = new();
        DicomDataSet clean = new HeaderCleaner(_profile, _key, set.Text(PatientId), report).Clean(set);
        string instance = set.Text(DicomTags.SopInstanceUid) is { Length: > 0 } own ? own : file.Meta.Text(new(0x0002_0003));
        clean.SetText(DicomTags.SopInstanceUid, instance.Length > 0 ? _key.Uid(instance) : DicomUid.New());
        if (!clean.Contains(DicomTags.SopClassUid))
        {
            string stated = file.Meta.Text(MediaStorageClass);
            clean.SetText(DicomTags.SopClassUid, DicomUid.IsValid(stated) ? stated : throw new MediaException(
                file.Name, $"{file.Name}: {DicomTags.SopClassUid} is missing, and {MediaStorageClass} in its place is no UID."));
        }

        (report.Instance, report.Study) = (clean.Text(DicomTags.SopInstanceUid), clean.Text(StudyInstanceUid));
        DicomTransferSyntax syntax = file.TransferSyntax;
        using DicomSource? pixels = _profile.CleanPixels && set.Contains(DicomTags.PixelData)
            ? await CleanPixelsAsync(file, clean, report, cancellationToken).ConfigureAwait(false)
            : null;
        syntax = pixels is null ? syntax : DicomTransferSyntax.ExplicitLittleEndian;
        State(clean, pixels is not null);
        string target = Path.Combine(folder, $"{report.Instance}.dcm");
        DicomWriter.Write(target, clean, syntax, cancellationToken);
        if (_profile.CheckText && set.Contains(DicomTags.PixelData) && syntax.Pixels != PixelCoding.Film)
        {
            await CheckTextAsync(target, report, cancellationToken).ConfigureAwait(false);
        }

        return report;
    }

    private async Task<DicomSource?> CleanPixelsAsync(DicomFile file, DicomDataSet clean, DeidentifiedObject report,
        CancellationToken cancellationToken)
    {
        using DicomImage image = DicomImage.Open(file, _decoding);
        PixelDescription stored = PixelDescription.Read(file.DataSet);
        if (PixelCleaner.For(file.DataSet, stored, _profile) is not { } cleaner)
        {
            report.Flags.Add("no region is stated for this device: pixels are as they were");
            return null;
        }

        report.BlankedPixels = cleaner.Count;
        PixelDescription description = stored;
        DicomSource source = await DicomSource.TemporaryAsync(file.Name, async target =>
        {
            for (int index = 0; index < image.FrameCount; index++)
            {
                (ReadOnlyMemory<byte> frame, description) = await image.ReadStoredAsync(index, cancellationToken).ConfigureAwait(false);
                byte[] blanked = frame.ToArray();
                cleaner.Blank(blanked, description, image.DarkestIndex);
                await target.WriteAsync(blanked, cancellationToken).ConfigureAwait(false);
            }
        }).ConfigureAwait(false);
        Describe(clean, description);
        clean.Set(new DicomElement(DicomTags.PixelData, description.BytesPerSample == 2 ? DicomVr.OW : DicomVr.OB)
        {
            Bulk = new DicomBulk(source, 0, source.Length),
        });
        clean.Remove(DicomTags.ExtendedOffsetTable);
        clean.Remove(new(0x7FE0_0002));
        clean.SetText(BurnedInAnnotation, "NO");
        return source;
    }

    private static void Describe(DicomDataSet clean, PixelDescription description)
    {
        clean.SetText(DicomTags.PhotometricInterpretation, description.Photometric);
        clean.SetShort(DicomTags.BitsAllocated, (ushort)description.BitsAllocated);
        clean.SetShort(DicomTags.BitsStored, (ushort)description.BitsStored);
        clean.SetShort(DicomTags.HighBit, (ushort)description.HighBit);
        if (description.Samples > 1)
        {
            clean.SetShort(DicomTags.PlanarConfiguration, (ushort)(description.IsPlanar ? 1 : 0));
        }
    }

    private void State(DicomDataSet clean, bool cleanedPixels)
    {
        clean.SetText(new(0x0012_0062), "YES");
        clean.SetText(new(0x0012_0063), "DICOM PS3.15 2024b Basic Profile");
        List<DicomDataSet> methods = [Code.Of("113100", "Basic Application Confidentiality Profile")];
        if (cleanedPixels)
        {
            methods.Add(Code.Of("113101", "Clean Pixel Data Option"));
        }

        if (_profile.Dates == DateHandling.Shift)
        {
            methods.Add(Code.Of("113107", "Retain Longitudinal Temporal Information Modified Dates Option"));
        }

        clean.SetItems(new(0x0012_0064), methods);
        clean.SetText(new(0x0028_0303), _profile.Dates == DateHandling.Shift ? "MODIFIED" : "REMOVED");
    }

    private async Task CheckTextAsync(string path, DeidentifiedObject report, CancellationToken cancellationToken)
    {
        if (!TextCheck.IsInstalled)
        {
            report.Flags.Add("text in the pictures was not looked for: tesseract is not installed (apt-get install tesseract-ocr)");
            return;
        }

        using DicomFile file = DicomFile.Open(path);
        using DicomImage image = DicomImage.Open(file, _decoding);
        using Sdk.Frames.VideoFrame frame = await image.ReadFrameAsync(image.FrameCount / 2, cancellationToken).ConfigureAwait(false);
        if (await TextCheck.CountWordsAsync(frame, _decoding.Sandbox, cancellationToken).ConfigureAwait(false) is > 0 and int words)
        {
            report.Flags.Add($"{words} words can be read in frame {frame.Index}; look at it before it leaves the house");
        }
    }
}
