using System.Collections.Frozen;
using System.Globalization;

namespace MedGen.Dicom.DataSets;

/// <summary>The data elements of the standard (PS3.6), from the table in dictionary.txt, which names its source.</summary>
public static class StandardElements
{
    private const uint RepeatingMask = 0xFF00_FFFF;

    private static readonly Lazy<(FrozenDictionary<uint, Entry> ByTag, FrozenDictionary<string, uint> ByName)> Table = new(Load);

    /// <summary>Keyword of a tag, for instance PatientName.</summary>
    /// <param name="tag">The tag.</param>
    /// <returns>Null: the standard's table here has none.</returns>
    public static string? NameOf(DicomTag tag) => Find(tag)?.Name;

    /// <summary>Representation of a tag's value.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="isSigned">Whether (0028,0103) Pixel Representation says that pixel values have a sign.</param>
    /// <returns>Null: the standard's table here has none.</returns>
    public static DicomVr? VrOf(DicomTag tag, bool isSigned = false) =>
        tag.IsPrivateCreator ? DicomVr.LO
        : tag.IsGroupLength ? DicomVr.UL
        : Find(tag)?.Representation switch
        {
            null => null,
            "XS" => isSigned ? DicomVr.SS : DicomVr.US,
            "XW" or "OX" => DicomVr.OW,
            { } vr => Enum.Parse<DicomVr>(vr),
        };

    /// <summary>The tag of a keyword.</summary>
    /// <param name="name">For instance PatientName.</param>
    /// <returns>Null: there is none of that name.</returns>
    public static DicomTag? TagOf(string name) => Table.Value.ByName.TryGetValue(name, out uint tag) ? new DicomTag(tag) : null;

    private static Entry? Find(DicomTag tag) =>
        Table.Value.ByTag.TryGetValue(tag.Value, out Entry? entry) ? entry
        : tag.Group >> 8 is 0x50 or 0x60 && !tag.IsPrivate ? Table.Value.ByTag.GetValueOrDefault(tag.Value & RepeatingMask)
        : null;

    private static (FrozenDictionary<uint, Entry> ByTag, FrozenDictionary<string, uint> ByName) Load()
    {
        Dictionary<uint, Entry> byTag = [];
        Dictionary<string, uint> byName = new(StringComparer.Ordinal);
        using StreamReader reader = new(typeof(StandardElements).Assembly.GetManifestResourceStream("dictionary.txt")!);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            string[] parts = line.Split(' ');
            uint tag = uint.Parse(parts[0].Replace("xx", "00", StringComparison.Ordinal), NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture);
            byTag[tag] = new Entry(parts[1], parts[2]);
            byName[parts[2]] = tag;
        }

        return (byTag.ToFrozenDictionary(), byName.ToFrozenDictionary(StringComparer.Ordinal));
    }

    private sealed record Entry(string Representation, string Name);
}
