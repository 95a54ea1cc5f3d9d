using System.Globalization;
using MedGen.Dicom.DataSets;
using MedGen.Sdk.Errors;

namespace MedGen.Dicom.Writing;

/// <summary>
/// Results as a Comprehensive SR by the template TID 1500 (Measurement Report, PS3.16): the modality of a clip with its probability, phases with
/// their times, measurements. Codes that DICOM has not are of the scheme 99MEDGEN.
/// </summary>
public static class MeasurementReport
{
    private const string ComprehensiveSr = "1.2.840.10008.5.1.4.1.1.88.33";
    private const string OwnScheme = "99MEDGEN";

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="modality">DICOM code of the modality and its probability; null: none.</param>
    /// <param name="phases">Phases; may be empty.</param>
    /// <param name="measurements">Measurements; may be empty.</param>
    /// <param name="sources">The objects of one study that were looked at; none: the clip is no DICOM object.</param>
    /// <param name="about">What the object says of itself.</param>
    /// <param name="cancellationToken">Stops; nothing is left.</param>
    /// <param name="labels">Other answers about the whole clip; null: none.</param>
    /// <exception cref="InvalidInputException">There is no result.</exception>
    public static void Write(
        string path, (string Code, double Probability)? modality, IReadOnlyList<NamedSpan> phases, IReadOnlyList<Measurement> measurements,
        IReadOnlyList<SourceObject> sources, ResultObject about, CancellationToken cancellationToken, IReadOnlyList<NamedLabel>? labels = null)
    {
        ArgumentNullException.ThrowIfNull(phases);
        ArgumentNullException.ThrowIfNull(measurements);
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(about);
        List<DicomDataSet> groups = [];
        if (modality is { } term)
        {
            groups.Add(Group(
                "imaging modality", CodeItem("CONTAINS", Code.Of("121139", "Modality"), Code.Of(term.Code, term.Code)),
                Number(Code.Of("probability", "Probability", OwnScheme), term.Probability, "1")));
        }

        groups.AddRange((labels ?? []).Select(label => Group(
            label.Output, CodeItem("CONTAINS", Code.Of("label", label.Output, OwnScheme), Code.Of(label.Code, label.Name, label.Scheme ?? OwnScheme)),
            [.. label.Probability is { } probability ? [Number(Code.Of("probability", "Probability", OwnScheme), probability, "1")]
                : Array.Empty<DicomDataSet>()])));
        groups.AddRange(phases.Select((phase, index) => Group(
            FormattableString.Invariant($"phase {index + 1}"),
            CodeItem("CONTAINS", Code.Of("phase", "Phase", OwnScheme), Code.Of(FormattableString.Invariant($"phase{index + 1}"), phase.Name,
                OwnScheme)),
            Number(Code.Of("start", "Start", OwnScheme), phase.Start.TotalSeconds, "s"),
            Number(Code.Of("end", "End", OwnScheme), phase.End.TotalSeconds, "s"))));
        groups.AddRange(measurements.Select(one => Group(one.Meaning, Number(Code.Of(one.Code, one.Meaning, one.Scheme), one.Value, one.Unit))));
        if (groups.Count == 0)
        {
            throw new InvalidInputException("results", "there are none; a modality, a phase or a measurement is needed.");
        }

        DicomDataSet set = about.Common(ComprehensiveSr, "SR");
        set.SetItems(new(0x0008_1111));
        set.SetItems(new(0x0040_A372));
        set.SetText(new(0x0040_A491), "COMPLETE");
        set.SetText(new(0x0040_A493), "UNVERIFIED");
        if (sources.Count > 0)
        {
            set.SetItems(new(0x0040_A375), Evidence(sources));
        }

        DicomDataSet template = new();
        template.SetText(new(0x0008_0105), "DCMR");
        template.SetText(new(0x0040_DB00), "1500");
        set.SetItems(new(0x0040_A504), template);
        set.SetText(new(0x0040_A040), "CONTAINER");
        set.SetText(new(0x0040_A050), "SEPARATE");
        set.SetItems(new(0x0040_A043), Code.Of("126000", "Imaging Measurement Report"));
        set.SetItems(
            new(0x0040_A730),
            CodeItem("HAS CONCEPT MOD", Code.Of("121049", "Language of Content Item and Descendants"), Code.Of("en", "English", "RFC5646")),
            CodeItem("HAS OBS CONTEXT", Code.Of("121005", "Observer Type"), Code.Of("121007", "Device")),
            Uid(Code.Of("121012", "Device Observer UID"), DicomWriter.ImplementationClassUid),
            Text("HAS OBS CONTEXT", Code.Of("121013", "Device Observer Name"), "MedGen Platform"),
            CodeItem("HAS CONCEPT MOD", Code.Of("121058", "Procedure reported"), Code.Of("363679005", "Imaging procedure", "SCT")),
            Container(Code.Of("111028", "Image Library"), []),
            Container(Code.Of("126010", "Imaging Measurements"), groups));
        DicomWriter.Write(path, set, DicomTransferSyntax.ExplicitLittleEndian, cancellationToken);
    }

    private static DicomDataSet Evidence(IReadOnlyList<SourceObject> sources)
    {
        DicomDataSet study = new();
        study.SetItems(new(0x0008_1115), [.. sources.GroupBy(source => source.Series).Select(Series)]);
        study.SetText(new(0x0020_000D), sources[0].Study);
        return study;

        static DicomDataSet Series(IGrouping<string, SourceObject> sources)
        {
            DicomDataSet series = new();
            series.SetItems(new(0x0008_1199), [.. sources.Select(Instance)]);
            series.SetText(new(0x0020_000E), sources.Key);
            return series;
        }

        static DicomDataSet Instance(SourceObject source)
        {
            DicomDataSet instance = new();
            instance.SetText(new(0x0008_1150), source.SopClass);
            instance.SetText(new(0x0008_1155), source.SopInstance);
            return instance;
        }
    }

    // TID 1501: a tracking identifier in words and as a UID, then what was found.
    private static DicomDataSet Group(string name, DicomDataSet first, IEnumerable<DicomDataSet> rest) => Group(name, rest.Prepend(first));

    private static DicomDataSet Group(string name, params IEnumerable<DicomDataSet> content) => Container(
        Code.Of("125007", "Measurement Group"),
        [Text("HAS OBS CONTEXT", Code.Of("112039", "Tracking Identifier"), name), Uid(Code.Of("112040", "Tracking Unique Identifier"),
            DicomUid.New()), .. content]);

    private static DicomDataSet Container(DicomDataSet name, List<DicomDataSet> content)
    {
        DicomDataSet item = Item("CONTAINS", "CONTAINER", name);
        item.SetText(new(0x0040_A050), "SEPARATE");
        if (content.Count > 0)
        {
            item.SetItems(new(0x0040_A730), content);
        }

        return item;
    }

    private static DicomDataSet CodeItem(string relationship, DicomDataSet name, DicomDataSet value)
    {
        DicomDataSet item = Item(relationship, "CODE", name);
        item.SetItems(new(0x0040_A168), value);
        return item;
    }

    private static DicomDataSet Text(string relationship, DicomDataSet name, string value)
    {
        DicomDataSet item = Item(relationship, "TEXT", name);
        item.SetText(new(0x0040_A160), value);
        return item;
    }

    private static DicomDataSet Uid(DicomDataSet name, string value)
    {
        DicomDataSet item = Item("HAS OBS CONTEXT", "UIDREF", name);
        item.SetText(new(0x0040_A124), value);
        return item;
    }

    private static DicomDataSet Number(DicomDataSet name, double value, string unit)
    {
        DicomDataSet measured = new();
        measured.SetItems(new(0x0040_08EA), Code.Of(unit, unit == "1" ? "no units" : unit, "UCUM"));
        measured.SetText(new(0x0040_A30A), value.ToString("G10", CultureInfo.InvariantCulture));
        DicomDataSet item = Item("CONTAINS", "NUM", name);
        item.SetItems(new(0x0040_A300), measured);
        return item;
    }

    private static DicomDataSet Item(string relationship, string type, DicomDataSet name)
    {
        DicomDataSet item = new();
        item.SetText(new(0x0040_A010), relationship);
        item.SetText(new(0x0040_A040), type);
        item.SetItems(new(0x0040_A043), name);
        return item;
    }
}
