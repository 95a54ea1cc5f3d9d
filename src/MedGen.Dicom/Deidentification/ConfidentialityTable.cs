using System.Collections.Frozen;
using System.Globalization;
using MedGen.Dicom.DataSets;

namespace MedGen.Dicom.Deidentification;

/// <summary>The Basic Profile of PS3.15 from confidentiality.txt, which names its edition.</summary>
internal static class ConfidentialityTable
{
    private static readonly FrozenDictionary<uint, string> Actions = Load();

    /// <summary>What the profile does with an attribute; null: it keeps it.</summary>
    public static string? ActionOf(DicomTag tag) =>
        tag.Group is >= 0x5000 and <= 0x50FF ? "X"
        : Actions.GetValueOrDefault(tag.Group is >= 0x6000 and <= 0x60FF ? 0x6000_0000u | tag.Element : tag.Value);

    private static FrozenDictionary<uint, string> Load()
    {
        Dictionary<uint, string> actions = [];
        using StreamReader reader = new(typeof(ConfidentialityTable).Assembly.GetManifestResourceStream("confidentiality.txt")!);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#') || line == "X 50xx *")
            {
                continue;
            }

            string[] parts = line.Split(' ');
            uint group = Hex(parts[1].Replace("xx", "00", StringComparison.Ordinal)) << 16;
            foreach (string element in parts.Skip(2))
            {
                actions.Add(group | Hex(element), parts[0]);
            }
        }

        return actions.ToFrozenDictionary();
    }

    private static uint Hex(string text) => uint.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
