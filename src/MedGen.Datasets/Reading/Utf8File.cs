using System.Text;
using MedGen.Sdk.Errors;

namespace MedGen.Datasets.Reading;

/// <summary>Reads text that must be UTF-8: spreadsheets save in other encodings, in which a name would silently become another.</summary>
internal static class Utf8File
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text of a file, without a byte order mark.</summary>
    /// <param name="path">The file.</param>
    /// <param name="field">Field that the error is about.</param>
    /// <exception cref="InvalidInputException">It is not UTF-8; file and line are named.</exception>
    public static string Read(string path, string field)
    {
        byte[] bytes = File.ReadAllBytes(path);
        ReadOnlySpan<byte> text = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsSpan(Encoding.UTF8.Preamble.Length) : bytes;
        try
        {
            return Strict.GetString(text);
        }
        catch (DecoderFallbackException exception)
        {
            int line = 1 + text[..Math.Min(exception.Index, text.Length)].Count((byte)'\n');
            throw new InvalidInputException(field, $"{Path.GetFileName(path)}, line {line}: the text is not UTF-8; save the file as UTF-8.");
        }
    }
}
