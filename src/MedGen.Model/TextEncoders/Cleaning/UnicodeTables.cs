using System.Globalization;
using System.Reflection;
using System.Text;

namespace MedGen.Model.TextEncoders.Cleaning;

/// <summary>
/// The character tables in Data/. They are carried along because the platform runs without ICU (invariant globalization), where .NET
/// normalises ASCII only, and because they are then the same on every machine.
/// </summary>
internal static class UnicodeTables
{
    /// <summary>Reads the lines of a table, without its comments.</summary>
    /// <param name="name">File name in Data/.</param>
    /// <returns>The fields of each line.</returns>
    public static IEnumerable<string[]> Read(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"{typeof(UnicodeTables).Namespace}.Data.{name}")!;
        using StreamReader reader = new(stream);
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
            {
                yield return line.Split(' ');
            }
        }
    }

    /// <summary>Parses a code point.</summary>
    /// <param name="hexadecimal">For instance <c>00E9</c>.</param>
    /// <returns>The code point.</returns>
    public static int CodePoint(string hexadecimal) => int.Parse(hexadecimal, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    /// <summary>Parses the characters that a field list names.</summary>
    /// <param name="fields">Code points in hexadecimal.</param>
    /// <returns>The text.</returns>
    public static string Text(IEnumerable<string> fields) => string.Concat(fields.Select(field => new Rune(CodePoint(field)).ToString()));
}
