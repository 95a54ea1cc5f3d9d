namespace MedGen.Dicom.Text;

/// <summary>A person name: up to three groups of up to five components (PS3.5, 6.2.1).</summary>
public sealed record PersonName
{
    /// <summary>Family, given, middle, prefix and suffix in letters; for instance <c>Yamada^Tarou</c>.</summary>
    public required string Alphabetic { get; init; }

    /// <summary>The same in ideograms; may be empty.</summary>
    public string Ideographic { get; init; } = "";

    /// <summary>The same as it sounds; may be empty.</summary>
    public string Phonetic { get; init; } = "";

    /// <summary>Family name in letters.</summary>
    public string Family => Component(0);

    /// <summary>Given name in letters.</summary>
    public string Given => Component(1);

    /// <summary>Reads a value.</summary>
    /// <param name="value">Groups with <c>=</c> between them.</param>
    /// <returns>The name; what stands behind a third group is part of it.</returns>
    public static PersonName Parse(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        string[] groups = value.Split('=', 3);
        return new PersonName
        {
            Alphabetic = groups[0].TrimEnd(' ', '^'),
            Ideographic = groups.Length > 1 ? groups[1].TrimEnd(' ', '^') : "",
            Phonetic = groups.Length > 2 ? groups[2].TrimEnd(' ', '^') : "",
        };
    }

    /// <summary>The value, without empty groups at its end.</summary>
    public override string ToString() => $"{Alphabetic}={Ideographic}={Phonetic}".TrimEnd('=');

    private string Component(int index) => Alphabetic.Split('^') is { } parts && parts.Length > index ? parts[index] : "";
}
