using System.Text;

namespace MedGen.Model.TextEncoders.Cleaning;

/// <summary>
/// Cleans a prompt as the reference does before it is tokenized (Wan-Video/Wan2.1, wan/modules/tokenizers.py, <c>whitespace</c> cleaning):
/// <c>ftfy.fix_text</c>, <c>html.unescape</c> twice, then white space at the ends removed and inside joined to one space.
/// </summary>
public static class PromptCleaner
{
    /// <summary>Cleans a prompt.</summary>
    /// <param name="text">Any text, lone surrogates included.</param>
    /// <returns>The cleaned text on one line; empty when there was nothing but white space.</returns>
    public static string Clean(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return CollapseWhiteSpace(HtmlReferences.Decode(HtmlReferences.Decode(TextRepair.Repair(text))));
    }

    /// <summary>Removes white space at the ends and joins it inside to one space.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>The text on one line.</returns>
    internal static string CollapseWhiteSpace(string text)
    {
        StringBuilder collapsed = new(text.Length);
        bool pending = false;
        foreach (char character in text)
        {
            if (IsWhiteSpace(character))
            {
                pending = collapsed.Length > 0;
                continue;
            }

            if (pending)
            {
                collapsed.Append(' ');
                pending = false;
            }

            collapsed.Append(character);
        }

        return collapsed.ToString();
    }

    // Python counts the four separators U+001C to U+001F as white space, .NET does not.
    private static bool IsWhiteSpace(char character) => char.IsWhiteSpace(character) || character is >= '\u001c' and <= '\u001f';
}
