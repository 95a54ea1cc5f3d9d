namespace MedGen.Dicom.Deidentification;

/// <summary>What was done with an object; nothing of what it was before.</summary>
public sealed class DeidentifiedObject
{
    /// <summary>The new SOP Instance UID.</summary>
    public string Instance { get; internal set; } = "";

    /// <summary>The new Study Instance UID; empty: it has none.</summary>
    public string Study { get; internal set; } = "";

    /// <summary>Number of elements by what was done: removed, emptied, replaced, uids, dates, private, unknown.</summary>
    public SortedDictionary<string, int> Elements { get; } = new(StringComparer.Ordinal);

    /// <summary>Blanked pixels of each frame; 0: none.</summary>
    public long BlankedPixels { get; internal set; }

    /// <summary>What somebody has to look at, in words.</summary>
    public IList<string> Flags { get; } = [];

    internal void Count(string what) => Elements[what] = Elements.GetValueOrDefault(what) + 1;
}
