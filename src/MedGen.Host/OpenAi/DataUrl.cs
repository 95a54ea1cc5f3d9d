namespace MedGen.Host.OpenAi;

/// <summary>A picture inside a request (RFC 2397), in base64.</summary>
/// <param name="MediaType">Its media type, such as <c>image/png</c>.</param>
/// <param name="Content">Its bytes.</param>
internal sealed record DataUrl(string MediaType, byte[] Content)
{
    private const string Scheme = "data:";
    private const string Encoding = ";base64";

    /// <summary>Reads a data URL.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The picture; null: it is no data URL of a picture in base64.</returns>
    public static DataUrl? Parse(string text)
    {
        int comma = text.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0 || !text.StartsWith(Scheme + "image/", StringComparison.Ordinal)
            || !text.AsSpan(0, comma).EndsWith(Encoding, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        byte[] content = new byte[(text.Length - comma) / 4 * 3];
        return Convert.TryFromBase64Chars(text.AsSpan(comma + 1), content, out int length) && length > 0
            ? new DataUrl(text[Scheme.Length..(comma - Encoding.Length)], content[..length])
            : null;
    }
}
