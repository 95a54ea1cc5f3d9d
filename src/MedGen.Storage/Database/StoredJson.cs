using System.Text.Json;
using System.Text.RegularExpressions;
using MedGen.Application.Jobs;

namespace MedGen.Storage.Database;

/// <summary>Documents as they are stored.</summary>
internal static partial class StoredJson
{
    /// <summary>
    /// The text of a document. PostgreSQL keeps no null character in JSON, and a plugin's error may hold one: it is stored as U+FFFD, in both
    /// databases.
    /// </summary>
    public static string Of<T>(T value) => NullCharacter().Replace(JsonSerializer.Serialize(value, JobJson.Options), @"$1\uFFFD");

    // Not where the backslash is itself escaped.
    [GeneratedRegex(@"(?<!\\)((?:\\\\)*)\\u0000")]
    private static partial Regex NullCharacter();
}
