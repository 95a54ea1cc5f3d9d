using System.Globalization;

namespace MedGen.Phantoms.Lexicon;

/// <summary>One thing that a caption may name, and how people name it.</summary>
internal sealed record ClinicalTerm
{
    private const string RangeSign = "..";

    /// <summary>
    /// What it is: modality, organ, view, device, action or finding; detail (what of the body or the picture is visible), indication (why the
    /// examination was asked for), or scene (what stands for all of them where nobody knows the word for the modality).
    /// </summary>
    public required string Slot { get; init; }

    /// <summary>
    /// For which clips it is true: a word, or a range of numbers such as <c>0..0.35</c>, by name of the parameter; empty: for all of its kind.
    /// </summary>
    public IReadOnlyDictionary<string, string> When { get; init; } = new Dictionary<string, string>();

    /// <summary>English names: full, short, in clinicians', engineers' and lay words. <c>{name}</c> stands for a parameter's value.</summary>
    public IReadOnlyList<string> En { get; init; } = [];

    /// <summary>German names.</summary>
    public IReadOnlyList<string> De { get; init; } = [];

    /// <summary>French names.</summary>
    public IReadOnlyList<string> Fr { get; init; } = [];

    /// <summary>Spanish names.</summary>
    public IReadOnlyList<string> Es { get; init; } = [];

    /// <summary>The names in a language.</summary>
    public IReadOnlyList<string> In(string language) => language switch { "de" => De, "fr" => Fr, "es" => Es, _ => En };

    /// <summary>Whether it is true of a clip.</summary>
    public bool IsTrueOf(IReadOnlyDictionary<string, string> values) =>
        When.All(condition => values.TryGetValue(condition.Key, out string? value) && Matches(condition.Value, value));

    private static bool Matches(string condition, string value)
    {
        int at = condition.IndexOf(RangeSign, StringComparison.Ordinal);
        if (at < 0)
        {
            return condition == value;
        }

        double number = Number(value);
        return number >= Number(condition[..at]) && number <= Number(condition[(at + RangeSign.Length)..]);
    }

    private static double Number(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
}
