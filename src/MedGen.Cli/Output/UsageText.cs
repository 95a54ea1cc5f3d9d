using System.Text.RegularExpressions;

namespace MedGen.Cli.Output;

/// <summary>What is wrong with a command line, in the words of whoever typed it.</summary>
internal static partial class UsageText
{
    /// <summary>The parser's message without the names of types.</summary>
    public static string Of(string message) => Expected().Replace(message, match => match.Groups[1].Value switch
    {
        "System.Int32" or "System.Int64" => ": a whole number is expected",
        "System.Single" or "System.Double" or "System.Decimal" => ": a number is expected",
        "System.DateTimeOffset" => ": a time such as 2026-11-01T00:00Z is expected",
        "System.TimeSpan" => ": a duration such as 00:05:00 is expected",
        "System.Boolean" => ": true or false is expected",
        _ => "",
    });

    [GeneratedRegex(@" as expected type '(?:System\.Nullable`1\[)?([\w.+]+)\]?'")]
    private static partial Regex Expected();
}
