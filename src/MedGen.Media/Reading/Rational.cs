using System.Globalization;

namespace MedGen.Media.Reading;

/// <summary>A positive fraction as ffmpeg writes it (<c>30000/1001</c>).</summary>
internal readonly record struct Rational(long Numerator, long Denominator)
{
    private const long MaxDenominator = 1_000_000;
    private const int MaxTerms = 32;
    private const double CloseEnough = 1e-12;

    public double Value => (double)Numerator / Denominator;

    /// <summary>Reads <c>a/b</c>; null for anything that is no positive number, such as the <c>0/0</c> of an unknown rate.</summary>
    public static Rational? Parse(string? text)
    {
        string[] parts = (text ?? string.Empty).Split('/');
        return parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out long numerator)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long denominator)
            && numerator > 0 && denominator > 0
            ? new Rational(numerator, denominator)
            : null;
    }

    /// <summary>
    /// The nearest fraction with a denominator up to a million, by continued fractions, so that 29.97002997 becomes 30000/1001 and 0.1 becomes 1/10.
    /// </summary>
    public static Rational FromDouble(double value)
    {
        (long previousTop, long top) = (1L, (long)Math.Floor(value));
        (long previousBottom, long bottom) = (0L, 1L);
        double rest = value - Math.Floor(value);
        for (int term = 0; term < MaxTerms && rest > CloseEnough && Math.Abs(((double)top / bottom) - value) > CloseEnough * value; term++)
        {
            double inverse = 1 / rest;
            double whole = Math.Floor(inverse);
            if ((whole * bottom) + previousBottom > MaxDenominator)
            {
                break;
            }

            (previousTop, top) = (top, ((long)whole * top) + previousTop);
            (previousBottom, bottom) = (bottom, ((long)whole * bottom) + previousBottom);
            rest = inverse - whole;
        }

        return new Rational(top, bottom);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Numerator}/{Denominator}");
}
