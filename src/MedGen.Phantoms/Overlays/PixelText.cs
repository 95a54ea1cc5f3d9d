using MedGen.Phantoms.Fields;

namespace MedGen.Phantoms.Overlays;

/// <summary>Burnt-in text, as devices write it: capitals, digits and some signs in a 3 by 5 pixel type.</summary>
internal static class PixelText
{
    private const int GlyphWidth = 3;
    private const int GlyphHeight = 5;

    // Per glyph 15 bits, row by row from the top left.
    private static readonly Dictionary<char, int> Glyphs = new()
    {
        ['0'] = 0b111_101_101_101_111, ['1'] = 0b010_110_010_010_111, ['2'] = 0b111_001_111_100_111, ['3'] = 0b111_001_111_001_111,
        ['4'] = 0b101_101_111_001_001, ['5'] = 0b111_100_111_001_111, ['6'] = 0b111_100_111_101_111, ['7'] = 0b111_001_001_010_010,
        ['8'] = 0b111_101_111_101_111, ['9'] = 0b111_101_111_001_111, ['A'] = 0b010_101_111_101_101, ['B'] = 0b110_101_110_101_110,
        ['C'] = 0b011_100_100_100_011, ['D'] = 0b110_101_101_101_110, ['E'] = 0b111_100_110_100_111, ['F'] = 0b111_100_110_100_100,
        ['G'] = 0b011_100_101_101_011, ['H'] = 0b101_101_111_101_101, ['I'] = 0b111_010_010_010_111, ['J'] = 0b001_001_001_101_010,
        ['K'] = 0b101_101_110_101_101, ['L'] = 0b100_100_100_100_111, ['M'] = 0b101_111_111_101_101, ['N'] = 0b110_101_101_101_101,
        ['O'] = 0b010_101_101_101_010, ['P'] = 0b110_101_110_100_100, ['Q'] = 0b010_101_101_110_011, ['R'] = 0b110_101_110_101_101,
        ['S'] = 0b011_100_010_001_110, ['T'] = 0b111_010_010_010_010, ['U'] = 0b101_101_101_101_111, ['V'] = 0b101_101_101_101_010,
        ['W'] = 0b101_101_111_111_101, ['X'] = 0b101_101_010_101_101, ['Y'] = 0b101_101_010_010_010, ['Z'] = 0b111_001_010_100_111,
        ['.'] = 0b000_000_000_000_010, [':'] = 0b000_010_000_010_000, ['/'] = 0b001_001_010_100_100, ['-'] = 0b000_000_111_000_000,
        ['%'] = 0b101_001_010_100_101, ['+'] = 0b000_010_111_010_000, ['='] = 0b000_111_000_111_000, [' '] = 0,
    };

    /// <summary>Width in px of a text at a scale.</summary>
    public static int Width(string text, int scale) => text.Length * (GlyphWidth + 1) * scale;

    /// <summary>Height in px of a line at a scale, with the gap below it.</summary>
    public static int LineHeight(int scale) => (GlyphHeight + 2) * scale;

    /// <summary>
    /// A scale at which text is as large in the picture as on a device: 1 up to a picture height of 255 px, 2 up to 511, and so on.
    /// </summary>
    public static int ScaleFor(int pictureHeight) => 1 + (pictureHeight / 256);

    /// <summary>Writes a text; what lies outside the plane is left out.</summary>
    /// <param name="plane">Where to write.</param>
    /// <param name="text">Letters (written as capitals), digits, spaces and <c>. : / - % + =</c>.</param>
    /// <param name="left">Left edge in px.</param>
    /// <param name="top">Top edge in px.</param>
    /// <param name="scale">Size of a dot of the type in px, at least 1.</param>
    /// <param name="value">Value to write, usually 0 to 1.</param>
    /// <exception cref="ArgumentException">A letter has no glyph.</exception>
    public static void Draw(Plane plane, string text, int left, int top, int scale, float value)
    {
        for (int letter = 0; letter < text.Length; letter++)
        {
            if (!Glyphs.TryGetValue(char.ToUpperInvariant(text[letter]), out int glyph))
            {
                throw new ArgumentException($"'{text[letter]}' has no glyph.", nameof(text));
            }

            for (int dot = 0; dot < GlyphWidth * GlyphHeight; dot++)
            {
                if ((glyph >> ((GlyphWidth * GlyphHeight) - 1 - dot) & 1) == 1)
                {
                    Fill(plane, left + (((letter * (GlyphWidth + 1)) + (dot % GlyphWidth)) * scale), top + (dot / GlyphWidth * scale), scale, value);
                }
            }
        }
    }

    private static void Fill(Plane plane, int left, int top, int size, float value)
    {
        for (int y = Math.Max(top, 0); y < Math.Min(top + size, plane.Height); y++)
        {
            for (int x = Math.Max(left, 0); x < Math.Min(left + size, plane.Width); x++)
            {
                plane[x, y] = value;
            }
        }
    }
}
