namespace MedGen.Dicom.Deidentification;

/// <summary>What becomes of dates.</summary>
public enum DateHandling
{
    /// <summary>They are removed, emptied or replaced, as the Basic Profile says.</summary>
    Remove,

    /// <summary>All dates of a patient are shifted by the same number of days.</summary>
    Shift,
}
