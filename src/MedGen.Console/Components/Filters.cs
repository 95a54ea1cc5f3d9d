using System.Globalization;
using MedGen.Sdk.Errors;

namespace MedGen.WebConsole.Components;

/// <summary>What stands in an address, as messages take it. What cannot be read is refused by its name, not passed over.</summary>
internal static class Filters
{
    /// <summary>A text; null: nothing was filled in.</summary>
    public static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    /// <summary>One of a fixed set; null: nothing was filled in.</summary>
    /// <exception cref="InvalidInputException">It is another text.</exception>
    public static T? Parse<T>(string? text, string field)
        where T : struct, Enum => string.IsNullOrEmpty(text) ? null
        : Enum.TryParse(text, out T value) && Enum.IsDefined(value) && value.ToString() == text ? value
        : throw new InvalidInputException(field, $"got another value; allowed: {string.Join(", ", Enum.GetNames<T>())}.");

    /// <summary>The beginning of a day in UTC; null: nothing was filled in.</summary>
    /// <exception cref="InvalidInputException">It is no day.</exception>
    public static DateTimeOffset? Date(string? text, string field) => string.IsNullOrEmpty(text) ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day)
            ? new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero)
            : throw new InvalidInputException(field, "got no day; allowed: a day such as 2026-01-31.");
}
