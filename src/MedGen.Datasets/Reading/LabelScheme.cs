using System.Globalization;
using MedGen.Sdk.Errors;

namespace MedGen.Datasets.Reading;

/// <summary>How labels are read into classes.</summary>
public sealed record LabelScheme
{
    /// <summary>What labels are. Default: single.</summary>
    public LabelType Type { get; init; }

    /// <summary>Between the classes of a multi label. Default: |.</summary>
    public string Separator { get; init; } = "|";

    /// <summary>
    /// Inner borders of the classes of numeric labels, ascending, at least one: [40, 50] makes the classes below 40, 40 to 50, and 50 and more.
    /// </summary>
    public IReadOnlyList<double> Bins { get; init; } = [];

    /// <summary>The classes of an item.</summary>
    /// <param name="item">The item.</param>
    /// <returns>One or more.</returns>
    /// <exception cref="InvalidInputException">The item has no label, or one that does not parse; file and line are named.</exception>
    public IReadOnlyList<string> ClassesOf(DatasetItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (item.Label is not { } label)
        {
            throw Wrong(item, "has no label");
        }

        switch (Type)
        {
            case LabelType.Multi:
                string[] classes =
                    [.. label.Split(Separator,
                        StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];
                return classes.Length > 0 ? classes : throw Wrong(item, $"has the label '{label}', in which no class is");
            case LabelType.Numeric:
                return double.TryParse(label, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
                    ? [BinOf(value)]
                    : throw Wrong(item, $"has the label '{label}', which is no number");
            default:
                return [label];
        }
    }

    /// <summary>What is wrong with the scheme itself.</summary>
    /// <returns>Violations with fields in snake_case.</returns>
    public IEnumerable<FieldViolation> Violations()
    {
        if (Separator.Length == 0)
        {
            yield return new FieldViolation("labels.separator", "is empty; at least one character is needed.");
        }

        if (Type == LabelType.Numeric && (Bins.Count == 0 || Bins.Zip(Bins.Skip(1)).Any(pair => !(pair.First < pair.Second))))
        {
            yield return new FieldViolation(
                "labels.bins", $"got [{string.Join(", ", Bins)}]; numeric labels need ascending inner borders, one or more.");
        }
    }

    private static InvalidInputException Wrong(DatasetItem item, string what) =>
        new("label", $"'{item.FileName}'{(item.Line > 0 ? $" (line {item.Line})" : "")} {what}.");

    private string BinOf(double value)
    {
        int at = Bins.Count(border => value >= border);
        return at == 0 ? string.Create(CultureInfo.InvariantCulture, $"below {Bins[0]}")
            : at == Bins.Count ? string.Create(CultureInfo.InvariantCulture, $"{Bins[^1]} and more")
            : string.Create(CultureInfo.InvariantCulture, $"{Bins[at - 1]} to {Bins[at]}");
    }
}
