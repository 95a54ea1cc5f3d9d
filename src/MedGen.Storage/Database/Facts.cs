using System.Text.Json;
using MedGen.Application.Jobs;

namespace MedGen.Storage.Database;

/// <summary>Single values that belong to the installation and not to a job or an artifact.</summary>
internal static class Facts
{
    /// <param name="session">The database.</param>
    /// <param name="name">The value's name.</param>
    /// <param name="isLocked">Whether nobody else may change it until the transaction ends, in PostgreSQL; SQLite has one writer.</param>
    /// <returns>The value; the default: it was never written.</returns>
    public static T? Find<T>(StoreSession session, string name, bool isLocked = false) =>
        session.Scalar<string>($"SELECT document FROM facts WHERE name = @name{(isLocked ? " FOR SHARE" : "")}", ("@name", name)) is { } document
            ? JsonSerializer.Deserialize<T>(document, JobJson.Options)
            : default;

    public static void Write<T>(StoreSession session, string name, T value) => session.Execute(
        "INSERT INTO facts (name, document) VALUES (@name, @document) ON CONFLICT (name) DO UPDATE SET document = excluded.document",
        ("@name", name),
        ("@document", StoredJson.Of(value)));
}
