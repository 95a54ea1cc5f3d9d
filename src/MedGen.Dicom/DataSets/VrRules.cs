using System.Text.RegularExpressions;

namespace MedGen.Dicom.DataSets;

/// <summary>What a value representation says of its values (PS3.5, 6.2).</summary>
internal static partial class VrRules
{
    /// <summary>Whether its length takes 32 bits in explicit encoding.</summary>
    public static bool HasLongLength(this DicomVr vr) => vr is DicomVr.OB or DicomVr.OD or DicomVr.OF or DicomVr.OL or DicomVr.OV or DicomVr.OW
        or DicomVr.SQ or DicomVr.SV or DicomVr.UC or DicomVr.UN or DicomVr.UR or DicomVr.UT or DicomVr.UV;

    /// <summary>Bytes of a word, whose order differs between little and big endian.</summary>
    public static int WordSize(this DicomVr vr) => vr switch
    {
        DicomVr.AT or DicomVr.OW or DicomVr.SS or DicomVr.US => 2,
        DicomVr.FL or DicomVr.OF or DicomVr.OL or DicomVr.SL or DicomVr.UL => 4,
        DicomVr.FD or DicomVr.OD or DicomVr.OV or DicomVr.SV or DicomVr.UV => 8,
        _ => 1,
    };

    /// <summary>Whether its values are characters.</summary>
    public static bool IsText(this DicomVr vr) => vr is not (DicomVr.UN or DicomVr.SQ or DicomVr.OB) && vr.WordSize() == 1;

    /// <summary>Whether (0008,0005) Specific Character Set applies to it.</summary>
    public static bool UsesCharacterSet(this DicomVr vr) =>
        vr is DicomVr.LO or DicomVr.LT or DicomVr.PN or DicomVr.SH or DicomVr.ST or DicomVr.UC or DicomVr.UT;

    /// <summary>Whether it is one text, in which a backslash does not separate values.</summary>
    public static bool IsSingleText(this DicomVr vr) => vr is DicomVr.LT or DicomVr.ST or DicomVr.UT or DicomVr.UR;

    /// <summary>Why a value may not be written; null: it may.</summary>
    public static string? WhyNot(this DicomVr vr, string value)
    {
        (int most, Regex? form, string allowed) = vr switch
        {
            DicomVr.AE => (16, Plain(), "characters other than the backslash and controls"),
            DicomVr.AS => (4, Age(), "three digits and D, W, M or Y"),
            DicomVr.CS => (16, Code(), "capital letters, digits, space and underscore"),
            DicomVr.DA => (8, Date(), "YYYYMMDD"),
            DicomVr.DS => (16, Number(), "a decimal number"),
            DicomVr.DT => (26, DateTime(), "YYYYMMDDHHMMSS.FFFFFF&ZZXX"),
            DicomVr.IS => (12, Whole(), "a whole number"),
            DicomVr.LO or DicomVr.PN => (64, Plain(), "characters other than the backslash and controls"),
            DicomVr.SH => (16, Plain(), "characters other than the backslash and controls"),
            DicomVr.ST => (1024, null, ""),
            DicomVr.LT => (10240, null, ""),
            DicomVr.TM => (14, Time(), "HHMMSS.FFFFFF"),
            DicomVr.UI => (64, Uid(), "numbers separated by dots"),
            _ => (int.MaxValue, (Regex?)null, ""),
        };
        int longest = vr == DicomVr.PN ? value.Split('=').Max(group => group.Length) : value.Length;
        return longest > most ? $"it has {longest} characters, at most {most} are allowed for {vr}"
            : form is not null && value.Length > 0 && !form.IsMatch(value) ? $"it is no {vr}, which is {allowed}"
            : null;
    }

    [GeneratedRegex(@"\A[^\\\p{Cc}]*\z")]
    private static partial Regex Plain();

    [GeneratedRegex(@"\A\d{3}[DWMY]\z")]
    private static partial Regex Age();

    [GeneratedRegex(@"\A[A-Z0-9_ ]*\z")]
    private static partial Regex Code();

    [GeneratedRegex(@"\A\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\z")]
    private static partial Regex Date();

    [GeneratedRegex(@"\A\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*\z")]
    private static partial Regex Number();

    [GeneratedRegex(@"\A\d{4}(\d\d){0,5}(\.\d{1,6})?([+-]\d{4})?\z")]
    private static partial Regex DateTime();

    [GeneratedRegex(@"\A\s*[+-]?\d+\s*\z")]
    private static partial Regex Whole();

    [GeneratedRegex(@"\A\d\d(\d\d(\d\d(\.\d{1,6})?)?)?\z")]
    private static partial Regex Time();

    // PS3.5, 9.1 forbids leading zeros. Devices write them all the same, and what is referred to keeps its identifier.
    [GeneratedRegex(@"\A[0-9]+(\.[0-9]+)*\z")]
    private static partial Regex Uid();
}
